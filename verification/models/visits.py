"""Visits of external verifiers: who comes when, what they sample and look at, and what their report asks for."""

import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from assessments.models import Action
from centres.models import Centre, Membership, Role, User
from portfolio.models import CandidateUnit, StoredFile
from portfolio.models.file_told import file_told
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most


class VisitQuerySet(models.QuerySet["Visit"]):
    def open_now(self, now: datetime.datetime | None = None) -> "VisitQuerySet":
        """Those that have begun, and neither ended nor ran out. `now` is given by queries put together once."""
        now = now or timezone.now()
        return self.filter(ended_at__isnull=True, begins_at__lte=now, until__gt=now)

    def visible_to(self, user: Any) -> "VisitQuerySet":
        """A coordinator sees the visits of the centre, an external verifier their own while it is open."""
        held = Membership.objects.current().filter(user_id=user.pk)
        coordinated = held.filter(role=Role.COORDINATOR).values("centre_id")
        own = self.open_to(user)
        return self.filter(Q(centre__in=coordinated) | Q(pk__in=own.values("pk")))

    def open_to(self, user: Any, now: datetime.datetime | None = None) -> "VisitQuerySet":
        """Those that are open to the person, or whose primary key, as the external verifier who visits."""
        person = getattr(user, "pk", user)
        held = Membership.objects.current().filter(user_id=person, role=Role.EXTERNAL_VERIFIER)
        return self.open_now(now).filter(verifier_id=person, centre__in=held.values("centre_id"))


class Visit(ToldModel, PublicModel):
    """The time in which an external verifier picks a sample at a centre and reads the portfolios that it is from."""

    told_as: ClassVar[str] = "visit"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "verifier", "opened_by")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="visits")
    verifier = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits")
    begins_at = models.DateTimeField()
    until = models.DateTimeField()  # from then on nothing is open
    ended_at = models.DateTimeField(null=True, blank=True)  # where a coordinator ended it before
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits_opened")
    opened_at = models.DateTimeField()

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(
                name="visit_ends_after_it_begins",
                condition=Q(until__gt=F("begins_at")),
                violation_error_message="The last day is before the first. Put one of them right.",
            ),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.verifier}"

    @property
    def ends_at(self) -> datetime.datetime:
        """From which moment on nothing is open."""
        return self.ended_at or self.until

    @property
    def is_over(self) -> bool:
        """Whether it has ended, by a coordinator or by itself."""
        return bool(self.ends_at <= timezone.now())

    @property
    def is_open(self) -> bool:
        """Whether the external verifier is let in now."""
        return self.begins_at <= timezone.now() and not self.is_over

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.centre.time_zone)

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it is, or was, open."""
        return timezone.localtime(self.ends_at - datetime.timedelta.resolution, self.zone).date()

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "verifier": str(self.verifier.uuid),
            "begins_at": told_time(self.begins_at),
            "until": told_time(self.until),
            "ended_at": told_time(self.ended_at),
            "opened_by": str(self.opened_by.uuid),
            "opened_at": told_time(self.opened_at),
        }


class VisitSample(ToldModel, PublicModel):
    """A unit in the sample of a visit. Until the external verifier takes it, it is only what the centre proposes."""

    told_as: ClassVar[str] = "visit_sample"
    told_with: ClassVar[tuple[str, ...]] = ("visit", "candidate_unit", "added_by")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="samples")
    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="visit_samples")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visit_samples_added")
    added_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [UniqueConstraint(fields=["visit", "candidate_unit"], name="unit_once_a_visit")]

    def __str__(self) -> str:
        return f"{self.candidate_unit} in the {self.visit}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "visit": str(self.visit.uuid),
            "unit": str(self.candidate_unit.uuid),
            "added_by": str(self.added_by.uuid),
            "added_at": told_time(self.added_at),
            "taken_at": told_time(self.taken_at),
        }


class VisitMark(ToldModel, PublicModel):
    """The external verifier's word that they have looked at a unit of the sample: their initials and the date."""

    told_as: ClassVar[str] = "visit_mark"
    told_with: ClassVar[tuple[str, ...]] = ("sample", "person")

    sample = models.ForeignKey(VisitSample, on_delete=models.PROTECT, related_name="marks")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visit_marks")
    made_at = models.DateTimeField()
    note = PlainTextField(limit=2000, blank=True)

    class Meta:
        constraints = [at_most("note", 2000, "visit_mark_note_length")]

    def __str__(self) -> str:
        return f"{self.initials} on {self.sample}"

    @property
    def initials(self) -> str:
        """As they would stand on paper: "E. L."."""
        return " ".join(f"{word[0].upper()}." for word in self.person.name.split())

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "sample": str(self.sample.uuid),
            "person": str(self.person.uuid),
            "made_at": told_time(self.made_at),
            "note": self.note,
        }


class VisitReport(ToldModel, PublicModel):
    """The external verifier's report, which they wrote in the awarding body's own system, as the centre got it."""

    told_as: ClassVar[str] = "visit_report"
    told_with: ClassVar[tuple[str, ...]] = ("visit", "stored_file", "added_by")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="reports")
    stored_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="visit_reports")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visit_reports_added")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["visit", "stored_file"],
                name="report_once_a_visit",
                violation_error_message="This file is with the visit already.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of it, and of the stored file behind it."""
        return {
            "id": str(self.uuid),
            "visit": str(self.visit.uuid),
            **file_told(self),
        }


class VisitAsk(ToldModel, PublicModel):
    """That the report of a visit asks for something: an action, of which all else is said as of any other."""

    told_as: ClassVar[str] = "visit_ask"
    told_with: ClassVar[tuple[str, ...]] = ("visit", "action")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="asks")
    action = models.OneToOneField(Action, on_delete=models.PROTECT, related_name="visit_ask")

    def __str__(self) -> str:
        return f"{self.action}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {"id": str(self.uuid), "visit": str(self.visit.uuid), "action": str(self.action.uuid)}


class VisitAction(ToldModel, PublicModel):
    """What a report asked the centre to do before it was an action like any other: `VisitAsk`. No new ones are made."""

    told_as: ClassVar[str] = "visit_action"
    told_with: ClassVar[tuple[str, ...]] = ("visit", "added_by", "done_by")

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="actions")
    words = PlainTextField(limit=2000)
    due = models.DateField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visit_actions_added")
    added_at = models.DateTimeField()
    done_words = PlainTextField(limit=2000, blank=True)
    done_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="visit_actions_done", null=True, blank=True
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="visit_action_has_words", condition=~Q(words="")),
            at_most("words", 2000, "visit_action_words_length"),
            at_most("done_words", 2000, "visit_action_done_words_length"),
            CheckConstraint(
                name="visit_action_done_says_how_by_whom_and_when",
                condition=Q(done_words="", done_by__isnull=True, done_at__isnull=True)
                | (~Q(done_words="") & Q(done_by__isnull=False, done_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "visit": str(self.visit.uuid),
            "words": self.words,
            "due": self.due.isoformat(),
            "added_by": str(self.added_by.uuid),
            "added_at": told_time(self.added_at),
            "done_words": self.done_words,
            "done_by": str(self.done_by.uuid) if self.done_by else None,
            "done_at": told_time(self.done_at),
        }
