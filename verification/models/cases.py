"""Appeals, complaints and malpractice: what was raised, and each step of the procedure that was taken since."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint

from assessments.models import REASON_AT_MOST, Judgement
from centres.models import Centre, Membership, Role, User
from portfolio.models import CandidateUnit, Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from record.models import Chain
from verification.models.visits import Visit, VisitSample

NAME_AT_MOST = 200  # characters


class CaseKind(models.TextChoices):
    """What is raised."""

    APPEAL = "appeal", "Appeal"
    COMPLAINT = "complaint", "Complaint"
    MALPRACTICE = "malpractice", "Malpractice"


class CaseStepKind(models.TextChoices):
    """What can be said of a case: a stage of its procedure, or who handles it."""

    RAISED = "raised", "Raised"
    GIVEN = "given", "Given to somebody else"
    RECONSIDERED = "reconsidered", "Reconsidered by the assessor"
    TO_VERIFIER = "to_verifier", "Taken to an internal verifier"
    REVIEWED = "reviewed", "Answered by an internal verifier"
    TO_PANEL = "to_panel", "Taken to the appeals panel or the awarding body"
    DECIDED = "decided", "Decided by the appeals panel or the awarding body"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    LOOKED_INTO = "looked_into", "Looked into"
    ANSWERED = "answered", "Answered"
    REPORTED = "reported", "Reported to the awarding body"
    CONCLUDED = "concluded", "Concluded"
    SETTLED = "settled", "Settled"
    WITHDRAWN = "withdrawn", "Withdrawn"


class CaseOutcome(models.TextChoices):
    """What was found."""

    UPHELD = "upheld", "Upheld"
    IN_PART = "in_part", "Upheld in part"
    NOT_UPHELD = "not_upheld", "Not upheld"


Step = CaseStepKind
# Each procedure: what may follow where the case stands.
PROCEDURES: Mapping[CaseKind, Mapping[CaseStepKind, frozenset[CaseStepKind]]] = {
    CaseKind.APPEAL: {
        Step.RAISED: frozenset({Step.RECONSIDERED, Step.TO_VERIFIER, Step.WITHDRAWN}),  # the assessor may have left
        Step.RECONSIDERED: frozenset({Step.TO_VERIFIER, Step.SETTLED}),
        Step.TO_VERIFIER: frozenset({Step.REVIEWED, Step.TO_PANEL, Step.WITHDRAWN}),  # there may be no other verifier
        Step.REVIEWED: frozenset({Step.TO_PANEL, Step.SETTLED}),
        Step.TO_PANEL: frozenset({Step.DECIDED, Step.WITHDRAWN}),
        Step.DECIDED: frozenset(),
        Step.SETTLED: frozenset(),
        Step.WITHDRAWN: frozenset(),
    },
    CaseKind.COMPLAINT: {
        Step.RAISED: frozenset({Step.ACKNOWLEDGED, Step.WITHDRAWN}),
        Step.ACKNOWLEDGED: frozenset({Step.LOOKED_INTO, Step.WITHDRAWN}),
        Step.LOOKED_INTO: frozenset({Step.ANSWERED, Step.WITHDRAWN}),
        Step.ANSWERED: frozenset(),
        Step.WITHDRAWN: frozenset(),
    },
    CaseKind.MALPRACTICE: {
        Step.RAISED: frozenset({Step.LOOKED_INTO, Step.REPORTED, Step.CONCLUDED}),
        Step.LOOKED_INTO: frozenset({Step.LOOKED_INTO, Step.REPORTED, Step.CONCLUDED}),
        Step.REPORTED: frozenset({Step.LOOKED_INTO, Step.CONCLUDED}),
        Step.CONCLUDED: frozenset(),
    },
}
ENDING = frozenset({Step.DECIDED, Step.ANSWERED, Step.CONCLUDED, Step.SETTLED, Step.WITHDRAWN})
WITH_OUTCOME = frozenset({Step.RECONSIDERED, Step.REVIEWED, Step.DECIDED, Step.ANSWERED, Step.CONCLUDED})
# Said without a word more; all else says what was done, found or decided.
WITHOUT_WORDS = (Step.RAISED, Step.GIVEN, Step.TO_VERIFIER, Step.TO_PANEL, Step.SETTLED, Step.WITHDRAWN)


def stands_at(steps: Sequence[str]) -> CaseStepKind:
    """Where a case stands after steps of these kinds, the oldest first: who handles it moves it nowhere."""
    return CaseStepKind(next(kind for kind in reversed(steps) if kind != Step.GIVEN))


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: Any, now: datetime.datetime | None = None) -> "CaseQuerySet":
        """Those that the person, or whose primary key, may read. `now` is given by queries put together once.

        Whose case it is, who raised it, who was asked, and the centre's coordinators read appeals and
        complaints. Who visits reads those of the portfolios in their sample. A complaint about a coordinator is
        the internal verifiers' too, and not that coordinator's. Malpractice is read by the coordinators and by
        who handles it now, never by the person it is about nor by the candidate whose work it is about,
        whatever else they are.
        """
        person = getattr(user, "pk", user)
        held = Membership.objects.current().filter(user=person, centre=OuterRef("centre"))
        coordinates = Q(Exists(held.filter(role=Role.COORDINATOR))) & ~Q(about=person)
        works = Q(Exists(held.exclude(role__in=(Role.CANDIDATE, Role.EXTERNAL_VERIFIER))))
        own = Q(Exists(held.filter(role=Role.CANDIDATE)), registration__candidate=person)
        asked = Q(Exists(CaseStep.objects.filter(case=OuterRef("pk"), to=person)))
        about_coordinator = Membership.objects.current().filter(
            user=OuterRef("about"), centre=OuterRef("centre"), role=Role.COORDINATOR
        )
        verifies = Q(Exists(held.filter(role=Role.INTERNAL_VERIFIER)), Exists(about_coordinator)) & ~Q(about=person)
        sampled = VisitSample.objects.filter(
            visit__in=Visit.objects.open_to(user, now).values("pk"),
            taken_at__isnull=False,
            candidate_unit__registration=OuterRef("registration"),
        )
        read = coordinates | own | Q(works & (Q(raised_by=person) | asked)) | verifies | Q(Exists(sampled))
        restricted = (coordinates | Q(works & Q(handler=person))) & ~Q(about=person)
        return self.filter(
            Q(read & ~Q(kind=CaseKind.MALPRACTICE))
            | Q(restricted & Q(kind=CaseKind.MALPRACTICE) & ~Q(registration__candidate=person))
        )

    def open(self) -> "CaseQuerySet":
        """Those that have not ended."""
        return self.filter(ended_at__isnull=True)


class Case(ToldModel, PublicModel):
    """An appeal, a complaint, or what may be malpractice. Who handles it by when changes; all else is in its steps."""

    told_as: ClassVar[str] = "case"
    told_with: ClassVar[tuple[str, ...]] = (
        "centre", "registration", "candidate_unit", "judgement", "about", "raised_by", "handler",
    )  # fmt: skip

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="cases")
    # Whose events tell of it: the portfolio's, or the centre's where it is of none, and always of malpractice.
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="cases")
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="cases", null=True, blank=True
    )
    candidate_unit = models.ForeignKey(
        CandidateUnit, on_delete=models.PROTECT, related_name="cases", null=True, blank=True
    )
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, related_name="cases", null=True, blank=True)
    kind = models.CharField(max_length=20, choices=CaseKind)
    about = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_about", null=True, blank=True)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_raised")
    raised_as = models.CharField(max_length=20, choices=Role)
    on_behalf = PlainCharField(max_length=NAME_AT_MOST, blank=True)  # of whom, where who raised it wrote for another
    words = PlainTextField(limit=REASON_AT_MOST)
    received_on = models.DateField()
    raised_at = models.DateTimeField()
    handler = models.ForeignKey(User, on_delete=models.PROTECT, related_name="cases_handled", null=True, blank=True)
    due = models.DateField(null=True, blank=True)  # of the next step
    ended_at = models.DateTimeField(null=True, blank=True)
    form_key = models.UUIDField()  # sent twice, a form raises it once

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["centre", "received_on", "id"], name="cases_by_day"),
            models.Index(fields=["handler"], condition=Q(ended_at=None), name="open_cases_by_handler"),
        ]
        constraints = [
            one_of("kind", CaseKind.values, "case_kind_valid"),
            one_of("raised_as", [one for one in Role.values if one != "external_verifier"], "case_raised_as_valid"),
            UniqueConstraint(fields=["raised_by", "form_key"], name="case_raised_once"),
            CheckConstraint(
                name="an_appeal_is_of_a_unit", condition=~Q(kind=CaseKind.APPEAL) | Q(candidate_unit__isnull=False)
            ),
            CheckConstraint(
                name="case_of_a_unit_is_of_its_portfolio",
                condition=Q(candidate_unit=None, judgement=None) | Q(registration__isnull=False),
            ),
            CheckConstraint(
                name="case_of_a_judgement_is_an_appeal", condition=Q(judgement=None) | Q(kind=CaseKind.APPEAL)
            ),
            CheckConstraint(
                name="candidates_raise_for_themselves",
                condition=~Q(raised_as=Role.CANDIDATE)
                | (Q(on_behalf="", registration__isnull=False) & ~Q(kind=CaseKind.MALPRACTICE)),
            ),
            CheckConstraint(
                name="nobody_raises_it_against_themselves", condition=Q(about=None) | ~Q(about=F("raised_by"))
            ),
            CheckConstraint(name="case_that_ended_is_not_due", condition=Q(ended_at=None) | Q(due=None)),
            CheckConstraint(name="case_has_words", condition=~Q(words="")),
            at_most("words", REASON_AT_MOST, "case_words_length"),
            at_most("on_behalf", NAME_AT_MOST, "case_on_behalf_length"),
        ]

    def __str__(self) -> str:
        unit = f" in {self.candidate_unit.revision.unit.code}" if self.candidate_unit else ""
        return f"{self.get_kind_display()}{unit}"

    @property
    def is_overdue(self) -> bool:
        """Whether the day of the next step is over, where the centre is."""
        return self.due is not None and self.due < self.centre.today

    def told(self) -> dict[str, Any]:
        """What events tell of it. `form_key` only keeps a second press from raising it again."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "registration": str(self.registration.uuid) if self.registration else None,
            "unit": str(self.candidate_unit.uuid) if self.candidate_unit else None,
            "judgement": str(self.judgement.uuid) if self.judgement else None,
            "kind": str(self.kind),
            "about": str(self.about.uuid) if self.about else None,
            "raised_by": str(self.raised_by.uuid),
            "raised_as": str(self.raised_as),
            "on_behalf": self.on_behalf,
            "words": self.words,
            "received_on": self.received_on.isoformat(),
            "raised_at": told_time(self.raised_at),
            "handler": str(self.handler.uuid) if self.handler else None,
            "due": self.due.isoformat() if self.due else None,
            "ended_at": told_time(self.ended_at),
        }


class CaseStep(ToldModel, PublicModel):
    """One step in a case: by whom, in which role, and when; and who takes the next one by which day. Append-only."""

    told_as: ClassVar[str] = "case_step"
    told_with: ClassVar[tuple[str, ...]] = ("case", "person", "to")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=CaseStepKind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_steps")
    acted_as = models.CharField(max_length=20, choices=Role)
    outcome = models.CharField(max_length=20, choices=CaseOutcome, blank=True)
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            UniqueConstraint(
                fields=["case", "number"],
                name="case_step_number_once",
                violation_error_message="Somebody was quicker: look at it again.",
            ),
            one_of("kind", CaseStepKind.values, "case_step_kind_valid"),
            one_of("acted_as", [one for one in Role.values if one != "external_verifier"], "case_step_role_valid"),
            one_of("outcome", [*CaseOutcome.values, ""], "case_outcome_valid"),
            CheckConstraint(
                name="case_answers_have_an_outcome",
                condition=(Q(kind__in=sorted(WITH_OUTCOME)) & ~Q(outcome=""))
                | (~Q(kind__in=sorted(WITH_OUTCOME)) & Q(outcome="")),
            ),
            CheckConstraint(
                name="case_steps_say_what_was_done", condition=Q(kind__in=sorted(WITHOUT_WORDS)) | ~Q(words="")
            ),
            CheckConstraint(
                name="after_the_end_nothing_is_due",
                condition=~Q(kind__in=sorted(ENDING)) | Q(to=None, due=None),
            ),
            CheckConstraint(name="given_to_somebody", condition=~Q(kind=CaseStepKind.GIVEN) | Q(to__isnull=False)),
            at_most("words", REASON_AT_MOST, "case_step_words_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.person}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "case": str(self.case.uuid),
            "number": self.number,
            "kind": str(self.kind),
            "person": str(self.person.uuid),
            "acted_as": str(self.acted_as),
            "outcome": str(self.outcome),
            "words": self.words,
            "to": str(self.to.uuid) if self.to else None,
            "due": self.due.isoformat() if self.due else None,
            "made_at": told_time(self.made_at),
        }
