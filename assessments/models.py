"""What others say of a portfolio: judgements, returns, signatures, and the forms that come of them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q, UniqueConstraint, Value
from django.db.models.functions import Concat

from assessments.standing.status import Status
from centres.models import Centre, User
from portfolio.models import (
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceVersion,
    Participation,
    Registration,
    State,
    StoredFile,
    UnitVersion,
)
from record.fields import PlainTextField, PublicModel, at_most, one_of
from record.models import CanonicalDocument
from record.told import ToldModel, told_time
from standards.models import Criterion

NEEDS_A_REASON = "Say why it is not met yet."


class Outcome(models.TextChoices):
    """The assessor's answer to a claim."""

    MET = Status.MET.value, Status.MET.words
    PARTLY = Status.PARTLY.value, Status.PARTLY.words
    NOT_YET = Status.NOT_YET.value, Status.NOT_YET.words


class Judgement(ToldModel, PublicModel):
    """The assessor's answer to a claim, on the version of the evidence that they looked at.

    Append-only; the latest counts, and only while that version is the one that counts. An answer that is
    taken back is answered by one without an outcome: the claim then waits again.
    """

    told_as: ClassVar[str] = "judgement"
    told_with: ClassVar[tuple[str, ...]] = ("claim", "evidence_version", "author__user")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="judgements")
    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="judgements")
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="judgements")
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)  # empty: taken back
    reason = PlainTextField(limit=5000, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("outcome", [*Outcome.values, ""], "judgement_outcome_valid"),
            CheckConstraint(
                name="not_yet_has_a_reason",
                condition=~Q(outcome=Outcome.NOT_YET) | ~Q(reason=""),
                violation_error_message=NEEDS_A_REASON,
            ),
            at_most("reason", 5000, "judgement_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.claim}"

    @property
    def status(self) -> Status:
        """How it lets the claim stand: one that takes an answer back lets it wait."""
        return Status(self.outcome) if self.outcome else Status.CLAIMED

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "claim": str(self.claim.uuid),
            "evidence_version": str(self.evidence_version.uuid),
            "author": str(self.author.user.uuid),
            "outcome": str(self.outcome),
            "reason": self.reason,
            "made_at": told_time(self.made_at),
        }


class Standing(models.Model):
    """How a claim that is not taken back stands: which version counts, what was last said of it, and its status.

    Derived: `assessments.standing.worked_out` makes these rows out of the others, and nothing else writes them.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.CASCADE, related_name="standings")
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="standings")
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="+", db_index=False)
    version = models.ForeignKey(EvidenceVersion, on_delete=models.CASCADE, related_name="+", db_index=False)
    # The last judgement on that version, unless it was taken back.
    judgement = models.OneToOneField(
        Judgement, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    # Where that version was never judged: the last word on another one, for people to see.
    earlier = models.ForeignKey(
        Judgement, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    status = models.CharField(max_length=10, choices=Status)
    stamp = models.CharField(max_length=8)  # tells this state of the claim from every other; pages send it back

    class Meta:
        constraints = [
            one_of("status", [status for status in Status.values if status != Status.EMPTY], "standing_status_valid"),
            UniqueConstraint(fields=["candidate_unit", "evidence", "criterion"], name="one_standing_a_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.get_status_display()}"


class Turn(models.TextChoices):
    """Whose turn it is in a unit, as the rows have it: that a person gave up their role is asked where it is read."""

    CANDIDATE = "candidate", "The candidate's"
    ASSESSOR = "assessor", "The assessor's"
    VERIFIER = "verifier", "The internal verifier's"
    NOBODY = "nobody", "Nobody's: none is allocated"
    KEPT_OUT = "kept_out", "A verifier's who cannot verify what they wrote"
    UNCONFIRMED = "unconfirmed", "Somebody's who confirms a signature"
    DONE = "done", "Nobody's: it is verified"
    ASIDE = "aside", "Nobody's: it is set aside"


class UnitProgress(models.Model):
    """How far a unit of a portfolio has come, where it stands, and whose turn it is: all that lists and homes count.

    Derived like `Standing`. `rule` is the number of the rule that made this row and the unit's standings.
    """

    candidate_unit = models.OneToOneField(
        CandidateUnit, on_delete=models.CASCADE, primary_key=True, related_name="progress"
    )
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.CharField(max_length=20, choices=State)  # of the version that is worked on
    since = models.DateTimeField()  # when the signature was given by which it stands there, or this version begun
    turn = models.CharField(max_length=20, choices=Turn)
    # Who leads in assessing and in verifying it, as it is allocated.
    assessor = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    verifier = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    # The verifier who returned or reopened it last, until it is signed off again.
    sent_back_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    # Who gave the signature that somebody else is to confirm.
    unconfirmed_of = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True, db_index=False)
    total = models.PositiveSmallIntegerField()  # criteria that can be claimed
    met = models.PositiveSmallIntegerField()
    waiting = models.PositiveSmallIntegerField()
    partly = models.PositiveSmallIntegerField()
    not_yet = models.PositiveSmallIntegerField()
    missing = models.PositiveSmallIntegerField()  # nobody claims them, or from nothing that the unit takes
    to_judge = models.PositiveIntegerField()  # claims, not criteria
    happened_at = models.DateTimeField()
    rule = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            one_of("state", State.values, "progress_state_valid"),
            one_of("turn", Turn.values, "progress_turn_valid"),
        ]
        indexes = [
            models.Index(fields=["centre", "state", "turn"], name="progress_by_state"),
            models.Index(fields=["centre", "turn", "happened_at"], name="progress_by_turn"),
            models.Index(fields=["assessor", "centre", "registration"], name="progress_of_assessor"),
            models.Index(fields=["verifier", "centre", "turn", "since"], name="progress_of_verifier"),
        ]

    def __str__(self) -> str:
        return f"{self.met} of {self.total} met in {self.candidate_unit}"


class AssessorStatement(ToldModel, PublicModel):
    """The assessor's statement on a must that has no letter, in the unit's own words."""

    told_as: ClassVar[str] = "statement"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "author__user")

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="statements")
    words = models.TextField()  # as the unit's rules have it
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="statements")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["candidate_unit", "words"],
                condition=Q(withdrawn_at__isnull=True),
                name="statement_stands_once",
                violation_error_message="This is stated already.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "words": self.words,
            "author": str(self.author.user.uuid),
            "made_at": told_time(self.made_at),
            "withdrawn_at": told_time(self.withdrawn_at),
        }


class Stage(models.TextChoices):
    """The signatures on a Candidate Recording Form, in their order: three, and those that confirm one of them."""

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
        """Those that stand, are to be confirmed, and are not."""
        confirmations = Signature.objects.filter(unit_version=OuterRef("unit_version"), superseded_at__isnull=True)
        return self.filter(
            ~Exists(confirmations.filter(stage=Concat(OuterRef("stage"), Value("_confirmed")))),
            superseded_at__isnull=True,
            needs_confirmation=True,
        )

    def final(self) -> "SignatureQuerySet":
        """Those of which a final form comes: `Signature.is_final`."""
        return self.filter(
            Q(stage=Stage.COUNTERSIGNATURE_CONFIRMED) | Q(stage=Stage.COUNTERSIGNATURE, needs_confirmation=False)
        )


class Signature(ToldModel, PublicModel):
    """A person's signature under a frozen document. Only its being superseded is ever added to it."""

    told_as: ClassVar[str] = "signature"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "signer__user", "document")

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="signatures")
    stage = models.CharField(max_length=30, choices=Stage)
    signer = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="signatures")
    document = models.OneToOneField(CanonicalDocument, on_delete=models.PROTECT, related_name="+")
    declaration = models.TextField()
    comment = PlainTextField(limit=5000, blank=True)  # printed under "Notes/Comments"
    signed_at = models.DateTimeField()
    needs_confirmation = models.BooleanField(default=False)  # its signer held no award when they signed
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
            at_most("comment", 5000, "signature_comment_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} by {self.signer.user}"

    def told(self) -> dict[str, Any]:
        """What events tell of it, with the versions of evidence that it pins."""
        pinned = self.pins.values_list("evidence_version__uuid", flat=True)
        return {
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
        """Whether it is the last one that a version of the unit asks for, so that the final form comes of it."""
        if self.stage == Stage.COUNTERSIGNATURE:
            return not self.needs_confirmation
        return self.stage == Stage.COUNTERSIGNATURE_CONFIRMED


class PinnedEvidence(models.Model):
    """The version of a piece of evidence that a signature holds the unit to, as long as the signature stands.

    The submission pins what the candidate claimed, a later signature what came to it since.
    """

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="pins")
    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="pins")

    class Meta:
        constraints = [UniqueConstraint(fields=["signature", "evidence_version"], name="pinned_once_a_signature")]

    def __str__(self) -> str:
        return f"{self.evidence_version} for {self.signature}"


class Return(ToldModel, PublicModel):
    """A step back in the life of a unit, always with a reason."""

    told_as: ClassVar[str] = "return"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "author__user")

    class Kind(models.TextChoices):
        RETURNED = "returned", "Returned"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REOPENED = "reopened", "Reopened"

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="returns")
    kind = models.CharField(max_length=20, choices=Kind)
    from_state = models.CharField(max_length=20)
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="returns")
    reason = PlainTextField(limit=5000)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("kind", ["returned", "withdrawn", "reopened"], "return_kind_valid"),
            one_of("from_state", ["submitted", "assessed", "verified"], "return_from_state_valid"),
            CheckConstraint(
                name="return_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message="Say why: the reason is part of the record.",
            ),
            at_most("reason", 5000, "return_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"

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
        """What events tell of it: named by its signature, and not how often it was tried."""
        return {
            "id": str(self.signature.uuid),
            "sha256": self.stored_file.sha256 if self.stored_file else None,
            "rendered_at": told_time(self.rendered_at),
        }
