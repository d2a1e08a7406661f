"""What the pages of cases show: a case with its steps, what somebody may do with it now, and the list of cases."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import django_filters
import django_tables2 as tables
from django import forms
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.dateformat import format as formatted

from assessments.models import Outcome, Standing
from assessments.models.status import Status
from assessments.permissions import can_reopen, can_return, can_withdraw, may_judge
from centres.lists.by_key import Order
from centres.lists.tables import KeyedTable
from centres.models import Centre, Role, User
from centres.selectors import holders
from portfolio.models import CandidateUnit, Registration, UnitVersion
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import capacity_in
from standards.naming import names_in
from standards.published import published_content, revision_row
from verification.cases.permissions import STAFF, against, handled_as, may_name, takes_as
from verification.models import Case, CaseKind, CaseOutcome, CaseStep, CaseStepKind
from verification.models.cases import PROCEDURES, stands_at

CODES_AT_MOST = 120  # letters of a judgement in a choice


@dataclass(frozen=True, kw_only=True)
class CaseRecord:
    """A case with its steps, the oldest first."""

    case: Case
    steps: tuple[CaseStep, ...]

    @property
    def stands(self) -> CaseStepKind:
        """Where it stands."""
        return stands_at([step.kind for step in self.steps])

    @property
    def outcome(self) -> str:
        """What was found last, if anything was."""
        return next((step.outcome for step in reversed(self.steps) if step.outcome), "")

    @property
    def is_upheld(self) -> bool:
        """Whether it was found, in whole or in part, that the decision was wrong."""
        return self.case.kind == CaseKind.APPEAL and self.outcome in {CaseOutcome.UPHELD, CaseOutcome.IN_PART}

    @property
    def waits_for_who_raised(self) -> bool:
        """Whether nobody here handles it now: who raised it says whether it goes further."""
        return not self.case.ended_at and not handled_as(self.case, self.stands)


def case_record(case: Case) -> CaseRecord:
    """A case with its steps; one query."""
    return CaseRecord(case=case, steps=tuple(case.steps.select_related("person", "to").order_by("number")))


def steps_for(person: User, record: CaseRecord) -> list[CaseStepKind]:
    """The steps that the person may take now."""
    case, stands = record.case, record.stands
    if case.ended_at:
        return []
    after = [*(kind for kind in CaseStepKind if kind in PROCEDURES[CaseKind(case.kind)][stands]), CaseStepKind.GIVEN]
    return [kind for kind in after if takes_as(person, case, kind, stands)]


def people_for(record: CaseRecord, kinds: Sequence[CaseStepKind], person: User) -> list[User]:
    """Whom the person may name to handle the case after one of these steps, by name."""
    case = record.case
    found: dict[int, User] = {}
    for stands in {record.stands if kind == CaseStepKind.GIVEN else kind for kind in kinds}:
        if roles := handled_as(case, stands):
            no = against(case, stands)
            for role in roles:
                found |= {one.pk: one for one in holders(case.centre, role) if one.pk not in no}
    if not may_name(person, case):
        found = {pk: one for pk, one in found.items() if pk == person.pk}
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def staff_to_name(centre: Centre, registration: Registration | None, person: User) -> list[User]:
    """Whom somebody may say that it is about: staff, and of a portfolio that is not their own its candidate."""
    found = {one.pk: one for role in sorted(STAFF) for one in holders(centre, Role(role))}
    if registration:
        found[registration.candidate_id] = registration.candidate
    found.pop(person.pk, None)
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def judgements_to_name(unit: CandidateUnit) -> list[tuple[str, str]]:
    """The judgements of the unit that say less than met, as choices: uuid and words; one query."""
    names = names_in(published_content(unit.revision))
    standings = (
        Standing.objects.filter(candidate_unit=unit, status__in=[Status.PARTLY, Status.NOT_YET])
        .filter(judgement__isnull=False)
        .select_related("judgement", "criterion", "evidence")
        .order_by("criterion__position", "evidence__number")
    )
    found = []
    for one in standings:
        judgement = one.judgement
        assert judgement  # noqa: S101 - asked for above
        code = names[one.criterion.kind, one.criterion.position].code
        words = f"{code}, evidence {evidence_number(one.evidence.number)}: {Outcome(judgement.outcome).label}"
        reason = " ".join(judgement.reason.split())
        found.append((str(judgement.uuid), f"{words}. {reason}"[:CODES_AT_MOST]))
    return found


def leads_to(person: User, unit: CandidateUnit) -> str:
    """What the person can do in the unit after an appeal was upheld: the address of its page; "" for nothing."""
    version = UnitVersion.objects.worked_on().get(candidate_unit=unit)
    capacity = capacity_in(person, unit)
    here = (unit.registration.centre.uuid, unit.uuid)
    ways = (
        (can_return(capacity, version), "assessments:return"),
        (can_withdraw(capacity, version), "assessments:withdraw"),
        (can_reopen(capacity, version), "assessments:reopen"),
        (may_judge(person, unit), "assessments:unit"),
    )
    return next((reverse(page, args=here) for may, page in ways if may), "")


# --- The list ---------------------------------------------------------------------------------------


class CasesFilter(django_filters.FilterSet):
    """Words in a name; what kind it is; whether it is open."""

    find = django_filters.CharFilter(
        method="with_words", label="Name of somebody", widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = django_filters.ChoiceFilter(label="What", empty_label="All", choices=CaseKind.choices)
    state = django_filters.ChoiceFilter(
        method="that_stand",
        label="Stands",
        empty_label="Open",
        choices=[("overdue", "Open, and overdue"), ("nobody", "Open, and nobody handles it"), ("ended", "Ended"),
                 ("all", "All")],
    )  # fmt: skip

    class Meta:
        model = Case
        fields: ClassVar[list[str]] = ["kind"]

    def __init__(self, *args: object, centre: Centre, is_candidate: bool, **kwargs: object) -> None:
        """`is_candidate`: who looks is a candidate and nothing else, so malpractice is no choice."""
        super().__init__(*args, **kwargs)
        self.centre = centre
        if is_candidate:
            of_theirs = [one for one in CaseKind.choices if one[0] != CaseKind.MALPRACTICE]
            self.filters["kind"].extra["choices"] = of_theirs

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """What the filters find; where nobody says how they stand, those that are open."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.filter(ended_at=None)

    def with_words(self, found: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """In which somebody with all these words in their name has a part."""
        for word in value.split()[:10]:
            found = found.filter(
                Q(registration__candidate__name__icontains=word)
                | Q(raised_by__name__icontains=word)
                | Q(on_behalf__icontains=word)
                | Q(about__name__icontains=word)
                | Q(handler__name__icontains=word)
            )
        return found

    def that_stand(self, found: QuerySet[Case], _name: str, value: str) -> QuerySet[Case]:
        """Those that stand so."""
        match value:
            case "overdue":
                return found.filter(ended_at=None, due__lt=self.centre.today)
            case "nobody":
                return found.filter(ended_at=None, handler=None)
            case "ended":
                return found.filter(ended_at__isnull=False)
            case _:
                return found


class CasesTable(KeyedTable):
    """A row for each case."""

    orders: ClassVar[tuple[Order, ...]] = (Order(name="received", field="received_on"),)

    what = tables.TemplateColumn('<a href="{{ record.url }}">{{ value }}</a>', verbose_name="What")
    received = tables.Column(verbose_name="Received")
    whose = tables.Column(verbose_name="Whose portfolio")
    raised_by = tables.Column(verbose_name="Raised by")
    stands = tables.Column(verbose_name="Last step")
    handler = tables.Column(verbose_name="Who handles it")
    due = tables.Column(verbose_name="Next step by")


def cases_at(centre: Centre, person: User) -> QuerySet[Case]:
    """The cases of a centre that the person may read, each with its last step but for who it was given to."""
    moved = CaseStep.objects.filter(case=OuterRef("pk")).exclude(kind=CaseStepKind.GIVEN).order_by("-number")
    visible = Case.objects.visible_to(person).filter(centre=centre)
    visible = visible.annotate(last=Subquery(moved.values("kind")[:1]))
    return visible.select_related("registration__candidate", "candidate_unit", "raised_by", "handler")


def case_rows(centre: Centre, cases: Sequence[Case]) -> list[Mapping[str, object]]:
    """What the table shows of them."""
    rows: list[Mapping[str, object]] = []
    for case in cases:
        if case.candidate_unit:
            case.candidate_unit.revision = revision_row(case.candidate_unit.revision_id)
        overdue = " (overdue)" if case.due and case.due < centre.today else ""
        rows.append(
            {
                "url": reverse("verification:case", args=[centre.uuid, case.uuid]),
                "what": str(case),
                "received": _day(case.received_on),
                "whose": case.registration.candidate.name if case.registration else "",
                "raised_by": f"{case.raised_by} for {case.on_behalf}" if case.on_behalf else str(case.raised_by),
                "stands": CaseStepKind(case.last).label,  # type: ignore[attr-defined]
                "handler": str(case.handler or ""),
                "due": f"{_day(case.due)}{overdue}" if case.due else "",
            }
        )
    return rows


def _day(day: datetime.date) -> str:
    return formatted(day, "j F Y")
