"""What assessors record: observations, professional discussions, questionings, and decisions on prior learning."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from assessments.models.judgements import REASON_AT_MOST
from centres.models import Centre, User
from portfolio.models import Evidence, Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from standards.evidence_kinds import EvidenceKind

PLACE_AT_MOST = 200  # characters
PRESENT_AT_MOST = 1000


class RecordKind(models.TextChoices):
    """What an assessor records. Each is the kind of the evidence that it becomes."""

    OBSERVATION = EvidenceKind.OBSERVATION.value, EvidenceKind.OBSERVATION.label
    DISCUSSION = EvidenceKind.PROFESSIONAL_DISCUSSION.value, EvidenceKind.PROFESSIONAL_DISCUSSION.label
    QUESTIONING = EvidenceKind.QUESTIONING.value, EvidenceKind.QUESTIONING.label
    PRIOR_LEARNING = EvidenceKind.PRIOR_LEARNING.value, EvidenceKind.PRIOR_LEARNING.label


class Medium(models.TextChoices):
    """How the assessor was with the candidate."""

    IN_PERSON = "in_person", "In person"
    LIVE_VIDEO = "live_video", "By live video"
    RECORDING = "recording", "From a recording"


class AssessorRecord(ToldModel, PublicModel):
    """One session of an assessor with one candidate or several, signed with the assessor's password. Append-only.

    Each candidate has a part of their own. A decision on prior learning is about papers, so it has no place and hour.
    """

    told_as: ClassVar[str] = "assessor_record"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")
    told_where_set: ClassVar[tuple[str, ...]] = ("written_at", "arrived_at")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="assessor_records")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assessor_records")
    kind = models.CharField(max_length=30, choices=RecordKind)
    place = PlainCharField(max_length=PLACE_AT_MOST, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    present = PlainTextField(limit=PRESENT_AT_MOST, blank=True)  # who else was there
    medium = models.CharField(max_length=20, choices=Medium, blank=True)
    identity_checked = models.BooleanField(default=False)
    all_agreed = models.BooleanField(default=False)  # everybody seen or heard agreed to the video or the recording
    # What a device kept first: when it was written, by the device's clock, and when it arrived here. The clock may be
    # wrong, or say nothing that can be read: it is a statement, by which nothing is ordered or dated.
    written_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField()
    form_key = models.UUIDField(default=uuid.uuid4)  # a second press of the button finds what the first one signed

    class Meta:
        constraints = [
            one_of("kind", RecordKind.values, "assessor_record_kind_valid"),
            one_of("medium", [*Medium.values, ""], "assessor_record_medium_valid"),
            UniqueConstraint(fields=["author", "form_key"], name="assessor_record_sent_once"),
            CheckConstraint(
                name="a_session_has_place_and_hours",
                condition=Q(kind=RecordKind.PRIOR_LEARNING, place="", began_at=None, ended_at=None, medium="")
                | (~Q(kind=RecordKind.PRIOR_LEARNING) & ~Q(place="") & ~Q(medium="") & Q(began_at__isnull=False)),
            ),
            CheckConstraint(
                name="a_session_ends_after_it_begins",
                condition=Q(began_at=None, ended_at=None) | Q(ended_at__gt=F("began_at")),
            ),
            CheckConstraint(
                name="a_session_is_over_when_signed",
                condition=Q(ended_at=None) | Q(ended_at__lte=F("signed_at")),
            ),
            CheckConstraint(
                name="who_was_not_met_was_identified_and_agreed",
                condition=Q(medium__in=["", Medium.IN_PERSON]) | Q(identity_checked=True, all_agreed=True),
            ),
            at_most("place", PLACE_AT_MOST, "assessor_record_place_length"),
            at_most("present", PRESENT_AT_MOST, "assessor_record_present_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.author}"

    def told(self) -> dict[str, Any]:
        """What events tell of it. `form_key` is not told: it only keeps a second press from signing again."""
        on_a_device = {"written_at": told_time(self.written_at), "arrived_at": told_time(self.arrived_at)}
        return {
            **{name: told for name, told in on_a_device.items() if told},
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "author": str(self.author.uuid),
            "kind": str(self.kind),
            "place": self.place,
            "began_at": told_time(self.began_at),
            "ended_at": told_time(self.ended_at),
            "present": self.present,
            "medium": str(self.medium),
            "identity_checked": self.identity_checked,
            "all_agreed": self.all_agreed,
            "signed_at": told_time(self.signed_at),
        }


class RecordPart(ToldModel, PublicModel):
    """What a session says of one candidate: the piece of evidence that it became, which holds the words. Append-only.

    The words are in the first version of the piece, as what an assessor writes in the page is.
    """

    told_as: ClassVar[str] = "record_part"
    told_with: ClassVar[tuple[str, ...]] = ("record", "registration", "evidence")

    record = models.ForeignKey(AssessorRecord, on_delete=models.PROTECT, related_name="parts")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="record_parts")
    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="record_part")
    is_current = models.BooleanField(null=True, blank=True)  # the decision on prior learning; null for other kinds

    def __str__(self) -> str:
        return f"{self.record}, {self.evidence}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "record": str(self.record.uuid),
            "registration": str(self.registration.uuid),
            "evidence": str(self.evidence.uuid),
            "is_current": self.is_current,
        }


class Acknowledgement(ToldModel, PublicModel):
    """The candidate has seen what was recorded of them, and agrees or says why not. Append-only; nothing waits for it.

    It is always the candidate of the part's portfolio.
    """

    told_as: ClassVar[str] = "acknowledgement"
    told_with: ClassVar[tuple[str, ...]] = ("part",)

    part = models.OneToOneField(RecordPart, on_delete=models.PROTECT, related_name="acknowledgement")
    agrees = models.BooleanField()
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    on_the_spot = models.BooleanField(default=False)  # with their password, on the assessor's device
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="who_disagrees_says_why",
                condition=Q(agrees=True) | ~Q(words=""),
                violation_error_message="Say what you do not agree with.",
            ),
            at_most("words", REASON_AT_MOST, "acknowledgement_words_length"),
        ]

    def __str__(self) -> str:
        return f"{'Agreed' if self.agrees else 'Not agreed'}: {self.part}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "part": str(self.part.uuid),
            "agrees": self.agrees,
            "words": self.words,
            "on_the_spot": self.on_the_spot,
            "made_at": told_time(self.made_at),
        }


class RecordDraft(models.Model):
    """What an assessor has typed and not signed: for its author alone, until it is signed or thrown away.

    It counts for nothing, so no event tells of it.
    """

    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="record_drafts")
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="record_drafts")
    form_key = models.UUIDField()
    kind = models.CharField(max_length=30, choices=RecordKind)
    about = models.CharField(max_length=200, blank=True)  # of whom, in words, for the list of drafts
    fields = models.JSONField(default=dict)  # as the form sent them, each name with its values
    saved_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)  # this and the next as of `AssessorRecord`
    arrived_at = models.DateTimeField(null=True, blank=True)
    drawn_names = models.JSONField(default=dict)  # by portfolio: assessments/observations/from_device.py

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            one_of("kind", RecordKind.values, "draft_kind_valid"),
            UniqueConstraint(fields=["author", "form_key"], name="draft_kept_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, not signed"
