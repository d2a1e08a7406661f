"""Reads what the rule of the plan is told: the units that may be chosen, and what was planned and looked at before."""

import datetime
from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from assessments.models import NOBODYS, Standing, Turn, UnitProgress
from centres.models import Centre, Membership, Role, User
from portfolio.models import RegistrationParticulars, State
from standards.evidence_kinds import EvidenceKind
from standards.published import published_contents_of
from verification.models import PlannedSample, SampledClaim, SampleStage, SamplingPolicy, SamplingRecord
from verification.sampling.declared import sampled_in_full
from verification.sampling.plan_rule import Before, Choosable, Key, months_before

STAGES = {
    State.COLLECTING: SampleStage.INTERIM,
    State.SUBMITTED: SampleStage.INTERIM,
    State.ASSESSED: SampleStage.SUMMATIVE,
}
Assessors = dict[UUID, tuple[int, str]]  # primary key and name, by uuid
OF_UNIT = "unit_version__candidate_unit"


def choosable_units(centre: Centre, verifier: User) -> tuple[list[Choosable], Assessors]:
    """Return the units that the verifier leads in and that may be sampled, with their assessors; three queries.

    That is: an assessor works on it, something is claimed, and it is not verified yet.
    """
    claimed = Exists(Standing.objects.filter(candidate_unit=OuterRef("pk")))
    units = UnitProgress.objects.filter(
        claimed, centre=centre, verifier=verifier, assessor__isnull=False, state__in=STAGES
    ).exclude(turn__in=(*NOBODYS, Turn.KEPT_OUT))
    rows: list[Any] = list(
        units.annotate(site=_site("registration")).values_list(
            "pk", "candidate_unit__uuid", "candidate_unit__revision", "state",
            "assessor__uuid", "assessor", "assessor__name", "site", named=True,
        )
    )  # fmt: skip
    kinds = _kinds_in(units.order_by().values("pk"))
    contents = published_contents_of({row.candidate_unit__revision for row in rows})
    interests = sampled_in_full(units.order_by().values("pk"))
    found: list[Choosable] = []
    for row in rows:
        unit = contents[row.candidate_unit__revision].unit
        found.append(
            Choosable(
                unit=row.candidate_unit__uuid,
                stage=STAGES[State(row.state)],
                assessor=row.assessor__uuid,
                called=called(unit.code, unit.framework.code),
                kinds=kinds.get(row.pk, frozenset()),
                site=row.site or "",
                interest=interests.get(row.pk, ""),
            )
        )
    return found, {row.assessor__uuid: (row.assessor, row.assessor__name) for row in rows}


def known_before(
    centre: Centre, verifier: User, policy: SamplingPolicy, *, period: str, today: datetime.date, assessors: Assessors
) -> Before:
    """Return what the rule must know of the time before."""
    # What nobody can look at any more stands for nothing: of registrations that rest, and of closed versions.
    rests = Q(**{f"{OF_UNIT}__progress__turn__in": NOBODYS}) | Q(unit_version__closed_at__isnull=False)
    planned = (
        PlannedSample.objects.with_done()
        .filter(unit_version__candidate_unit__registration__centre=centre, left_out_at__isnull=True)
        .exclude(Q(is_done=False) & rests)
    )
    this_month = planned.filter(plan__period=period, plan__verifier=verifier)
    names: dict[Key, str] = {("kind", str(kind)): str(label).lower() for kind, label in EvidenceKind.choices}
    names |= {("assessor", str(uuid)): name for uuid, (_, name) in assessors.items()}
    return Before(
        planned={
            (SampleStage(stage), assessor): number
            for stage, assessor, number in this_month.order_by()
            .values_list("stage", f"{OF_UNIT}__progress__assessor__uuid")
            .annotate(number=Count("pk"))
        },
        covered=_covered(planned.open()),
        looked=_looked(centre),
        in_full=_in_full(centre, policy, today, assessors),
        names=names,
    )


def _kinds_in(units: QuerySet) -> dict[int, frozenset[str]]:
    """The kinds of evidence that are claimed in each of these units, by its primary key; one query."""
    found: dict[int, set[str]] = defaultdict(set)
    claimed = Standing.objects.filter(candidate_unit__in=units).order_by()
    for unit, kind in claimed.values_list("candidate_unit", "version__kind").distinct():
        found[unit].add(kind)
    return {unit: frozenset(kinds) for unit, kinds in found.items()}


def _site(registration: str) -> Subquery:
    """The site that a registration has now, by the path to it; None where none was ever said."""
    said = RegistrationParticulars.objects.current().filter(registration=OuterRef(registration))
    return Subquery(said.order_by().values("site")[:1])


def called(code: str, framework: str) -> str:
    """What a unit of any revision is called in a reason, and told from others by: "B10 (NVQ)"."""
    return f"{code} ({framework.upper()})"


def _covered(planned: QuerySet[PlannedSample]) -> set[Key]:
    """What the open plan will look at; two queries."""
    planned = planned.order_by()
    of_each = (f"{OF_UNIT}__progress__assessor__uuid", f"{OF_UNIT}__revision")
    rows = list(planned.values_list(*of_each, _site(f"{OF_UNIT}__registration")).distinct())
    claimed = Standing.objects.filter(candidate_unit__in=planned.values(OF_UNIT)).order_by()
    covered: set[Key] = {("kind", kind) for kind in claimed.values_list("version__kind", flat=True).distinct()}
    for content in published_contents_of({revision for _, revision, _ in rows}).values():
        covered.add(("unit", called(content.unit.code, content.unit.framework.code)))
    covered |= {("assessor", str(assessor)) for assessor, _, _ in rows}
    return covered | {("site", site) for _, _, site in rows if site}


def _looked(centre: Centre) -> dict[Key, datetime.date]:
    """When each assessor, unit, kind of evidence and site was looked at last in the centre; three queries."""
    records = SamplingRecord.objects.filter(unit_version__candidate_unit__registration__centre=centre).order_by()
    found: dict[Key, datetime.date] = {}
    by_both = records.values_list("assessor__uuid", f"{OF_UNIT}__revision").annotate(last=Max("made_at"))
    rows = list(by_both.order_by("last"))
    contents = published_contents_of({revision for _, revision, _ in rows})
    for assessor, revision, last in rows:
        unit = contents[revision].unit
        found["assessor", str(assessor)] = found["unit", called(unit.code, unit.framework.code)] = last.date()
    claims = SampledClaim.objects.filter(record__in=records).order_by()
    for kind, last in claims.values_list("version__kind").annotate(last=Max("record__made_at")):
        found["kind", kind] = last.date()
    of_it = f"{OF_UNIT}__registration__particulars"
    sites = records.filter(**{f"{of_it}__replaced_at__isnull": True, f"{of_it}__site__gt": ""})
    for site, last in sites.values_list(f"{of_it}__site").annotate(last=Max("made_at")):
        found["site", site] = last.date()
    return found


def _in_full(centre: Centre, policy: SamplingPolicy, today: datetime.date, assessors: Assessors) -> dict[UUID, str]:
    """Why all of an assessor's units are looked at, by the assessor: without an award on the day, or new."""
    people = [pk for pk, _ in assessors.values()]
    new_since = months_before(today, policy.new_months)
    held = Membership.objects.filter(centre=centre, role=Role.ASSESSOR, user__in=people).with_award()
    began, qualified = {}, set()
    for one in held.select_related("centre").order_by("-began_at"):
        began[one.user_id] = one.began_at.date()
        if one.ended_at is None and one.is_qualified:
            qualified.add(one.user_id)
    found = {}
    for uuid, (pk, _) in assessors.items():
        if pk not in qualified:
            found[uuid] = "assessor without an award"
        elif policy.new_months and began.get(pk, today) > new_since:
            found[uuid] = "new assessor"
    return found
