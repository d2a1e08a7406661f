"""What verifiers record besides samples: interviews with candidates, observations of assessors, and meetings."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint

from assessments.models import REASON_AT_MOST, Action, AssessorRecord
from centres.models import Centre, Membership, Role, User
from portfolio.models import CandidateUnit, Evidence, Registration, StoredFile
from portfolio.models.file_told import file_told
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from verification.models.visits import Visit

LINE_AT_MOST = 200  # characters
ASKED_AT_MOST = 1000
OTHERS_AT_MOST = 1000


class MonitoringKind(models.TextChoices):
    """What a verifier records."""

    INTERVIEW = "interview", "Interview with a candidate"
    OBSERVATION = "observation", "Observation of an assessor"
    MEETING = "meeting", "Standardisation meeting"


class MonitoringMethod(models.TextChoices):
    """How people came together."""

    IN_PERSON = "in_person", "In person"
    VIDEO = "video", "By video"
    TELEPHONE = "telephone", "By telephone"


class MonitoringRecordQuerySet(models.QuerySet["MonitoringRecord"]):
    def visible_to(self, user: Any) -> "MonitoringRecordQuerySet":
        """Verifiers and coordinators of the centre read all of it, and so does who visits it while the visit is open.

        Whoever works at the centre reads what is about them, and of the meetings that they were at. Of their own
        portfolio nobody reads anything: what verifiers write about assessors is never for candidates.
        """
        held = Membership.objects.current().filter(user=user.pk, centre=OuterRef("centre"))
        oversees = Exists(held.filter(role__in=(Role.INTERNAL_VERIFIER, Role.COORDINATOR)))
        visits = Exists(Visit.objects.open_now().filter(verifier=user.pk, centre=OuterRef("centre")))
        works = Exists(held.exclude(role=Role.CANDIDATE))
        was_there = Exists(MeetingAttendance.objects.filter(record=OuterRef("pk"), person=user.pk))
        comes = Exists(held.filter(role=Role.EXTERNAL_VERIFIER)) & visits
        own = Q(registration__candidate=user.pk) | Q(candidate_unit__registration__candidate=user.pk)
        about = Q(works) & (Q(assessor=user.pk) | Q(was_there))
        return self.filter(Q(oversees) | Q(comes) | about).exclude(own)


class MonitoringRecord(ToldModel, PublicModel):
    """What a verifier recorded and signed with their password: which fields it has, its kind says. Append-only.

    It is nobody's evidence, and candidates never read it.
    """

    told_as: ClassVar[str] = "monitoring_record"
    told_with: ClassVar[tuple[str, ...]] = (
        "centre", "verifier", "registration", "assessor", "candidate_unit", "assessor_record",
    )  # fmt: skip

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="monitoring_records")
    kind = models.CharField(max_length=20, choices=MonitoringKind)
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="monitoring_records")
    day = models.DateField()
    method = models.CharField(max_length=20, choices=MonitoringMethod)
    place = PlainCharField(max_length=LINE_AT_MOST, blank=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="interviews", null=True, blank=True
    )
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="observed", null=True, blank=True)
    occasion = PlainCharField(max_length=LINE_AT_MOST, blank=True)  # what the assessor was seen at
    candidate_unit = models.ForeignKey(
        CandidateUnit, on_delete=models.PROTECT, related_name="observed_in", null=True, blank=True
    )
    assessor_record = models.ForeignKey(
        AssessorRecord, on_delete=models.PROTECT, related_name="observed_in", null=True, blank=True
    )  # what the assessor recorded of it
    others = PlainTextField(limit=OTHERS_AT_MOST, blank=True)  # at a meeting, who is not of the centre
    # What follows from an interview; the feedback to an assessor; what a meeting agreed.
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    signed_at = models.DateTimeField()
    form_key = models.UUIDField()  # sent twice, a form is signed once

    objects = MonitoringRecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["centre", "-day", "-id"], name="monitoring_by_day")]
        constraints = [
            one_of("kind", MonitoringKind.values, "monitoring_kind_valid"),
            one_of("method", MonitoringMethod.values, "monitoring_method_valid"),
            UniqueConstraint(fields=["verifier", "form_key"], name="monitoring_sent_once"),
            CheckConstraint(
                name="monitoring_has_what_its_kind_says",
                condition=Q(
                    kind=MonitoringKind.INTERVIEW,
                    registration__isnull=False,
                    assessor=None,
                    candidate_unit=None,
                    assessor_record=None,
                    occasion="",
                    others="",
                )
                | (
                    Q(kind=MonitoringKind.OBSERVATION, registration=None, assessor__isnull=False, others="")
                    & ~Q(occasion="")
                    & ~Q(words="")
                )
                | (
                    Q(
                        kind=MonitoringKind.MEETING,
                        registration=None,
                        assessor=None,
                        candidate_unit=None,
                        assessor_record=None,
                        occasion="",
                    )
                    & ~Q(place="")
                    & ~Q(words="")
                ),
            ),
            CheckConstraint(name="nobody_observes_themselves", condition=Q(assessor=None) | ~Q(assessor=F("verifier"))),
            at_most("place", LINE_AT_MOST, "monitoring_place_length"),
            at_most("occasion", LINE_AT_MOST, "monitoring_occasion_length"),
            at_most("others", OTHERS_AT_MOST, "monitoring_others_length"),
            at_most("words", REASON_AT_MOST, "monitoring_words_length"),
        ]

    def __str__(self) -> str:
        whom = self.registration.candidate if self.registration else self.assessor
        return f"{self.get_kind_display()}: {whom}" if whom else self.get_kind_display()

    def told(self) -> dict[str, Any]:
        """What events tell of it, with its points, who was there, and what was asked of whom.

        `form_key` is not told: it only keeps a second press from signing again.
        """
        points = self.points.select_related("evidence").order_by("number")
        present = self.attendances.order_by("pk").values_list("person__uuid", flat=True)
        actions = self.actions_agreed.order_by("pk").values_list("action__uuid", flat=True)
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "kind": str(self.kind),
            "verifier": str(self.verifier.uuid),
            "day": self.day.isoformat(),
            "method": str(self.method),
            "place": self.place,
            "registration": str(self.registration.uuid) if self.registration else None,
            "assessor": str(self.assessor.uuid) if self.assessor else None,
            "occasion": self.occasion,
            "unit": str(self.candidate_unit.uuid) if self.candidate_unit else None,
            "assessor_record": str(self.assessor_record.uuid) if self.assessor_record else None,
            "others": self.others,
            "words": self.words,
            "signed_at": told_time(self.signed_at),
            "points": [
                {
                    "asked": one.asked,
                    "said": one.said,
                    "evidence": str(one.evidence.uuid) if one.evidence else None,
                }
                for one in points
            ],
            "present": [str(uuid) for uuid in present],
            "actions": [str(uuid) for uuid in actions],
        }


class MonitoringPoint(models.Model):
    """A line of a record: a question and its answer; what was looked at, with any exception; what was compared."""

    record = models.ForeignKey(MonitoringRecord, on_delete=models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField()
    asked = PlainTextField(limit=ASKED_AT_MOST)
    said = PlainTextField(limit=REASON_AT_MOST, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="compared", null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(fields=["record", "number"], name="monitoring_point_number_once"),
            CheckConstraint(name="monitoring_point_says_what", condition=~Q(asked="")),
            at_most("asked", ASKED_AT_MOST, "monitoring_point_asked_length"),
            at_most("said", REASON_AT_MOST, "monitoring_point_said_length"),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.said}"


class MeetingAttendance(models.Model):
    """That somebody of the centre was at a meeting."""

    record = models.ForeignKey(MonitoringRecord, on_delete=models.PROTECT, related_name="attendances")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="meetings_attended")

    class Meta:
        constraints = [UniqueConstraint(fields=["record", "person"], name="at_a_meeting_once")]

    def __str__(self) -> str:
        return f"{self.person} at {self.record}"


class AgreedAction(models.Model):
    """An action that a record led to."""

    record = models.ForeignKey(MonitoringRecord, on_delete=models.PROTECT, related_name="actions_agreed")
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="agreed_in")

    def __str__(self) -> str:
        return f"{self.action}"


class MonitoringAcknowledgement(ToldModel, PublicModel):
    """The assessor has read the observation of them, and agrees or says why not. Append-only; nothing waits for it."""

    told_as: ClassVar[str] = "monitoring_acknowledgement"
    told_with: ClassVar[tuple[str, ...]] = ("record",)

    record = models.OneToOneField(MonitoringRecord, on_delete=models.PROTECT, related_name="acknowledgement")
    agrees = models.BooleanField()
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="an_assessor_who_disagrees_says_why",
                condition=Q(agrees=True) | ~Q(words=""),
                violation_error_message="Say what you do not agree with.",
            ),
            at_most("words", REASON_AT_MOST, "monitoring_acknowledgement_length"),
        ]

    def __str__(self) -> str:
        return f"{'Agreed' if self.agrees else 'Not agreed'}: {self.record}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "record": str(self.record.uuid),
            "agrees": self.agrees,
            "words": self.words,
            "made_at": told_time(self.made_at),
        }


class MeetingMinutes(ToldModel, PublicModel):
    """The minutes of a meeting, as a file. Append-only."""

    told_as: ClassVar[str] = "meeting_minutes"
    told_with: ClassVar[tuple[str, ...]] = ("record", "stored_file", "added_by")

    record = models.ForeignKey(MonitoringRecord, on_delete=models.PROTECT, related_name="minutes")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="minutes")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="minutes_added")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["record", "stored_file"],
                name="minutes_once_a_meeting",
                violation_error_message="This file is with the meeting already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of it, and of the stored file behind it."""
        return {
            "id": str(self.uuid),
            "record": str(self.record.uuid),
            **file_told(self),
        }
