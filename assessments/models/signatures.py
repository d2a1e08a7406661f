"""Signatures, the versions of evidence that they pin, steps back, and final forms."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q, UniqueConstraint, Value
from django.db.models.functions import Concat, Now

from assessments.models.judgements import REASON_AT_MOST
from portfolio.models import (
    EvidenceVersion,
    Participation,
    StoredFile,
    UnitVersion,
)
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most, one_of
from record.models import CanonicalDocument


class Stage(models.TextChoices):
    """The signatures on a Candidate Recording Form, in their order: three, and the confirmations of two of them."""

    SUBMISSION = "submission", "Submission"
    SIGN_OFF = "sign_off", "Sign-off"
    SIGN_OFF_CONFIRMED = "sign_off_confirmed", "Confirmation of the sign-off"
    COUNTERSIGNATURE = "countersignature", "Countersignature"
    COUNTERSIGNATURE_CONFIRMED = "countersignature_confirmed", "Confirmation of the countersignature"


# Which signature confirms which, where its signer held no award on the day.
CONFIRMED_BY = {
    Stage.SIGN_OFF: Stage.SIGN_OFF_CONFIRMED,
    Stage.COUNTERSIGNATURE: Stage.COUNTERSIGNATURE_CONFIRMED,
}
CONFIRMS = {confirmation: stage for stage, confirmation in CONFIRMED_BY.items()}


class SignatureQuerySet(models.QuerySet["Signature"]):
    def unconfirmed(self) -> "SignatureQuerySet":
        """Those that stand and still need to be confirmed."""
        confirmations = Signature.objects.filter(unit_version=OuterRef("unit_version"), superseded_at__isnull=True)
        return self.filter(
            ~Exists(confirmations.filter(stage=Concat(OuterRef("stage"), Value("_confirmed")))),
            superseded_at__isnull=True,
            needs_confirmation=True,
        )

    def final(self) -> "SignatureQuerySet":
        """Those for which a final form is made: `Signature.is_final`."""
        return self.filter(
            Q(stage=Stage.COUNTERSIGNATURE_CONFIRMED) | Q(stage=Stage.COUNTERSIGNATURE, needs_confirmation=False)
        )


class Signature(ToldModel, PublicModel):
    """A person's signature under a frozen document. The only later change is that it is superseded."""

    told_as: ClassVar[str] = "signature"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "signer__user", "document")
    told_where_set: ClassVar[tuple[str, ...]] = ("released_by_plan_of",)

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="signatures")
    stage = models.CharField(max_length=30, choices=Stage)
    signer = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="signatures")
    document = models.OneToOneField(CanonicalDocument, on_delete=models.PROTECT, related_name="+")
    declaration = models.TextField()
    comment = PlainTextField(limit=REASON_AT_MOST, blank=True)  # printed under "Notes/Comments"
    signed_at = models.DateTimeField()
    needs_confirmation = models.BooleanField(default=False)  # its signer held no award when they signed
    # Of a countersignature of what was not sampled: the day of the sampling plan that left the unit out.
    released_by_plan_of = models.DateField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(
                name="sign_off_and_countersignature_are_confirmed",
                condition=Q(needs_confirmation=False) | Q(stage__in=list(CONFIRMED_BY)),
            ),
            one_of("stage", Stage.values, "signature_stage_valid"),
            UniqueConstraint(
                fields=["unit_version", "stage"],
                condition=Q(superseded_at__isnull=True),
                name="one_standing_signature_a_stage",
                violation_error_message="This has been signed already.",
            ),
            at_most("comment", REASON_AT_MOST, "signature_comment_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} by {self.signer.user}"

    def told(self) -> dict[str, Any]:
        """What events tell of it, with the versions of evidence that it pins."""
        pinned = self.pins.values_list("evidence_version__uuid", flat=True)
        released = self.released_by_plan_of
        return {
            **({"released_by_plan_of": released.isoformat()} if released else {}),
            "id": str(self.uuid),
            "version": str(self.unit_version.uuid),
            "stage": str(self.stage),
            "signer": str(self.signer.user.uuid),
            "capacity": str(self.signer.capacity),
            "digest": self.document.digest,
            "declaration": self.declaration,
            "comment": self.comment,
            "needs_confirmation": self.needs_confirmation,
            "signed_at": told_time(self.signed_at),
            "superseded_at": told_time(self.superseded_at),
            "pins": sorted(str(version) for version in pinned),
        }

    @property
    def is_final(self) -> bool:
        """Whether it is the last one that a version of the unit needs, so that the final form is made for it."""
        if self.stage == Stage.COUNTERSIGNATURE:
            return not self.needs_confirmation
        return self.stage == Stage.COUNTERSIGNATURE_CONFIRMED


class PinnedEvidence(models.Model):
    """The version of a piece of evidence that a signature holds the unit to, as long as the signature stands.

    The submission pins what the candidate claimed, a later signature what was claimed since.
    """

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="pins")
    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="pins")

    class Meta:
        constraints = [UniqueConstraint(fields=["signature", "evidence_version"], name="pinned_once_a_signature")]

    def __str__(self) -> str:
        return f"{self.evidence_version} for {self.signature}"


class Return(ToldModel, PublicModel):
    """A step back in the life of a unit. Only of what the candidate takes back themselves nobody asks the reason."""

    told_as: ClassVar[str] = "return"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "author__user")

    class Kind(models.TextChoices):
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REOPENED = "reopened", "Reopened"
        TAKEN_BACK = "taken_back", "Taken back"

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=20, choices=Kind)
    from_state = models.CharField(max_length=20)
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="returns")
    reason = PlainTextField(limit=REASON_AT_MOST, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("kind", ["returned", "withdrawn", "reopened", "taken_back"], "return_kind_valid"),
            one_of("from_state", ["submitted", "assessed", "verified"], "return_from_state_valid"),
            CheckConstraint(
                name="return_has_a_reason",
                condition=~Q(reason="") | Q(kind="taken_back"),
                violation_error_message="Say why: the reason is part of the record.",
            ),
            at_most("reason", REASON_AT_MOST, "return_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}" if self.reason else self.get_kind_display()

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "version": str(self.unit_version.uuid),
            "kind": str(self.kind),
            "from_state": str(self.from_state),
            "author": str(self.author.user.uuid),
            "reason": self.reason,
            "made_at": told_time(self.made_at),
        }


class FinalForm(ToldModel):
    """The Candidate Recording Form of a verified version: rendered once, then served byte for byte."""

    told_as: ClassVar[str] = "final_form"
    told_with: ClassVar[tuple[str, ...]] = ("signature", "stored_file")

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="final_form")
    attempts = models.PositiveSmallIntegerField(default=0)
    # By the database's clock, which no story of the demo turns back: its forms are signed weeks ago and asked for now.
    waits_since = models.DateTimeField(db_default=Now(), editable=False)
    stored_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="final_forms", null=True, blank=True
    )
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(
                name="a_rendered_form_has_its_file",
                condition=Q(rendered_at__isnull=True, stored_file__isnull=True)
                | Q(rendered_at__isnull=False, stored_file__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Form for {self.signature}"

    def told(self) -> dict[str, Any]:
        """What events tell of it: named by its signature, not how long it waits nor how often it is tried."""
        return {
            "id": str(self.signature.uuid),
            "sha256": self.stored_file.sha256 if self.stored_file else None,
            "rendered_at": told_time(self.rendered_at),
        }
