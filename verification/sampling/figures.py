"""Figures of sampling: how often verifiers agree with each assessor, how long units wait, plan against done."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from assessments.models import Judgement, Signature, Stage, Turn, UnitProgress
from centres.models import Centre, User
from portfolio.models import State, UnitVersion
from standards.evidence_kinds import EvidenceKind
from standards.published import published_contents_of
from verification.models import PlannedSample, SamplingRecord
from verification.sampling.board import Stand, stands
from verification.sampling.charts import Chart, chart_of

OF_UNIT = "unit_version__candidate_unit"
A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class AssessorFigures:
    """One assessor: how many samples, in how many the verifier agreed, mean days, planned and done."""

    name: str
    sampled: int = 0
    agreed: int = 0
    days_to_judgement: float | None = None  # the first since the submission; where all came before: the sign-off
    days_to_sign_off: float | None = None
    days_to_countersignature: float | None = None  # all of them from the submission
    planned: int = 0
    done: int = 0
    overdue: int = 0

    @property
    def percent(self) -> int | None:
        """In how many of a hundred samples the verifier agreed; None without a sample."""
        return round(100 * self.agreed / self.sampled) if self.sampled else None


@dataclass(frozen=True, kw_only=True)
class PlanFigures:
    """What was planned of a unit of a standard, with a kind of evidence, or at a site: planned, done and overdue."""

    name: str
    title: str = ""  # of a unit
    planned: int
    done: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All figures of a page, and as rows of a table for a spreadsheet."""

    assessors: tuple[AssessorFigures, ...]
    units: tuple[PlanFigures, ...]
    kinds: tuple[PlanFigures, ...]  # of evidence: how it was assessed
    sites: tuple[PlanFigures, ...]

    @property
    def agreement(self) -> Chart:
        """In how many of their samples the verifier agreed with each assessor."""
        sampled = [one for one in self.assessors if one.sampled]
        rows = [(f"{one.name}: {one.agreed} of {one.sampled}", one.sampled, one.agreed) for one in sampled]
        return chart_of("Samples of each assessor, and in how many of them the decision was agreed with", rows)

    @property
    def days(self) -> Chart:
        """How long units of each assessor waited."""
        rows = [
            (_days_in_words(one), one.days_to_countersignature or one.days_to_sign_off, one.days_to_judgement or 0)
            for one in self.assessors
            if one.days_to_sign_off is not None
        ]
        return chart_of("Days from submission to judgement (filled), sign-off and countersignature", rows)

    @property
    def plan_by_unit(self) -> Chart:
        """Plan against done of each unit."""
        return _plan_chart("Planned samples of each unit, and how many of them are done", self.units)

    @property
    def plan_by_kind(self) -> Chart:
        """Plan against done of each kind of evidence."""
        return _plan_chart("Planned samples with each kind of evidence, and how many of them are done", self.kinds)

    @property
    def plan_by_site(self) -> Chart:
        """Plan against done of each site."""
        return _plan_chart("Planned samples of each site, and how many of them are done", self.sites)

    def rows(self) -> Iterator[list[object]]:
        """All tables, one under the other, each with its heading."""
        yield [
            "Assessor", "Sampled", "Agreed", "Agreed %", "Days from submission to judgement",
            "Days from submission to sign-off", "Days from submission to countersignature", "Planned", "Done",
            "Overdue",
        ]  # fmt: skip
        for one in self.assessors:
            waited = (one.days_to_judgement, one.days_to_sign_off, one.days_to_countersignature)
            days = [_rounded(mean) for mean in waited]
            percent = "" if one.percent is None else one.percent
            yield [one.name, one.sampled, one.agreed, percent, *days, one.planned, one.done, one.overdue]
        yield []
        yield ["Unit", "Title", "Planned", "Done", "Overdue"]
        for unit in self.units:
            yield [unit.name, unit.title, unit.planned, unit.done, unit.overdue]
        yield []
        yield ["Kind of evidence", "", "Planned", "Done", "Overdue"]
        for kind in self.kinds:
            yield [kind.name, "", kind.planned, kind.done, kind.overdue]
        if self.sites:
            yield []
            yield ["Site", "", "Planned", "Done", "Overdue"]
        for site in self.sites:
            yield [site.name, "", site.planned, site.done, site.overdue]


def figures_of(centre: Centre, *, verifier: User | None) -> Figures:
    """Return the figures of the units that the person verifies, or with None of all in the centre; seven queries."""
    # What was verified was done, whatever became of the registration since; the rest of one that rests is nobody's.
    units = UnitProgress.objects.filter(
        ~Q(turn=Turn.ASIDE), ~Q(turn=Turn.RESTS) | Q(state=State.VERIFIED), centre=centre
    )
    if verifier:
        units = units.filter(verifier=verifier)
    keys = units.order_by().values("pk")
    by_assessor: dict[int, dict[str, Any]] = {}
    for found in (_agreement(keys), _days(keys), _planned_by(keys, centre, f"{OF_UNIT}__progress__assessor")):
        for assessor, said in found.items():
            by_assessor.setdefault(assessor, {}).update(said)
    names = dict(User.objects.filter(pk__in=by_assessor).values_list("pk", "name"))
    return Figures(
        assessors=tuple(
            sorted(
                (AssessorFigures(name=names[pk], **said) for pk, said in by_assessor.items() if pk in names),
                key=lambda one: one.name,
            )
        ),
        units=tuple(_units(keys, centre)),
        kinds=tuple(_kinds(keys, centre)),
        sites=tuple(_sites(keys, centre)),
    )


def _plan_chart(title: str, rows: Iterable[PlanFigures]) -> Chart:
    return chart_of(title, [(f"{one.name}: {one.done} of {one.planned}", one.planned, one.done) for one in rows])


def _days_in_words(one: AssessorFigures) -> str:
    waited = (one.days_to_judgement, one.days_to_sign_off, one.days_to_countersignature)
    return f"{one.name}: {', '.join(str(_rounded(mean)) for mean in waited if mean is not None)}"


def _kinds(keys: QuerySet, centre: Centre) -> Iterator[PlanFigures]:
    """By the kinds of evidence that are claimed in the planned units: a unit counts for each."""
    planned = _planned_by(keys, centre, f"{OF_UNIT}__standings__version__kind")
    for kind, label in EvidenceKind.choices:
        if said := planned.get(kind):
            yield PlanFigures(name=str(label), **said)


def _sites(keys: QuerySet, centre: Centre) -> Iterator[PlanFigures]:
    """By the sites that registrations have now; units without one are left out."""
    of_it = f"{OF_UNIT}__registration__particulars"
    planned = _planned_by(keys, centre, f"{of_it}__site", **{f"{of_it}__replaced_at__isnull": True})
    for site, said in sorted(planned.items()):
        if site:
            yield PlanFigures(name=site, **said)


def _units(keys: QuerySet, centre: Centre) -> Iterator[PlanFigures]:
    planned = _planned_by(keys, centre, f"{OF_UNIT}__revision")
    contents = published_contents_of(set(planned))
    by_unit: dict[tuple[str, str], list[PlanFigures]] = {}
    for revision, said in planned.items():
        unit = contents[revision].unit
        one = PlanFigures(name=f"{unit.code} ({unit.framework.code.upper()})", title=unit.title, **said)
        by_unit.setdefault((unit.code, unit.framework.code), []).append(one)
    for _, of_revisions in sorted(by_unit.items()):
        yield replace(
            of_revisions[-1],
            planned=sum(one.planned for one in of_revisions),
            done=sum(one.done for one in of_revisions),
            overdue=sum(one.overdue for one in of_revisions),
        )


def _agreement(units: QuerySet) -> dict[int, dict[str, Any]]:
    records = SamplingRecord.objects.filter(unit_version__candidate_unit__in=units, assessor__isnull=False).order_by()
    rows = records.values("assessor").annotate(sampled=Count("pk"), agreed=Count("pk", filter=Q(agrees=True)))
    return _by("assessor", rows)


def _days(units: QuerySet) -> dict[int, dict[str, Any]]:
    """The mean days that units waited which an assessor signed off, whoever leads in them now."""
    signed = Signature.objects.filter(unit_version=OuterRef("pk"), stage=Stage.SIGN_OFF).order_by("-pk")
    answers = Judgement.objects.filter(
        claim__candidate_unit=OuterRef("candidate_unit"), made_at__gte=OuterRef("submitted_at")
    )
    first = answers.exclude(outcome="").order_by("made_at").values("made_at")[:1]
    versions = UnitVersion.objects.filter(candidate_unit__in=units, assessed_at__isnull=False).order_by()
    waited = versions.annotate(
        assessor=Subquery(signed.values("signer__user")[:1]),
        judged_at=Least(Coalesce(Subquery(first), F("assessed_at")), F("assessed_at")),
    )
    rows = waited.values("assessor").annotate(
        days_to_judgement=_mean("judged_at"),
        days_to_sign_off=_mean("assessed_at"),
        days_to_countersignature=_mean("verified_at"),
    )
    return {
        assessor: {name: waited / A_DAY if waited is not None else None for name, waited in means.items()}
        for assessor, means in _by("assessor", rows).items()
    }


def _mean(until: str) -> Avg:
    waited = ExpressionWrapper(F(until) - F("submitted_at"), output_field=DurationField())
    return Avg(waited, filter=Q(**{f"{until}__isnull": False}))


def _planned_by(units: QuerySet, centre: Centre, key: str, **where: object) -> dict[Any, dict[str, Any]]:
    is_stand = stands(centre.today)
    planned = PlannedSample.objects.with_done().filter(
        Q(left_out_at__isnull=True) | Q(is_done=True),
        unit_version__candidate_unit__in=units,
        **{f"{key}__isnull": False},
        **where,
    )
    rows = (
        planned.order_by()
        .values(key)
        .annotate(
            planned=Count("pk", distinct=True),
            done=Count("pk", distinct=True, filter=is_stand[Stand.DONE]),
            overdue=Count("pk", distinct=True, filter=is_stand[Stand.OVERDUE]),
        )
    )
    return _by(key, rows)


def _by(key: str, rows: Iterable[Mapping[str, Any]]) -> dict[Any, dict[str, Any]]:
    """What each row says besides, by what it says under this key."""
    return {row[key]: {name: value for name, value in row.items() if name != key} for row in rows}


def _rounded(days: float | None) -> object:
    return "" if days is None else round(days, 1)
