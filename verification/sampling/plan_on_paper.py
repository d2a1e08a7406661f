"""The plan of what is sampled, on paper: for each assessor the units with their reasons; or blank."""

from collections import defaultdict

from django.db.models import QuerySet
from django.utils.dateformat import format as formatted

from assessments.models import UnitProgress
from centres.models import Centre, User
from centres.on_paper import DAY, at_centre, centre_fact
from portfolio.on_paper import facts_to_fill
from printing.papers import Column, Paper, SignatureLine, Table
from standards.published import revision_row
from verification.models import PlannedSample
from verification.sampling.board import OF_UNIT, BoardWanted, planned_wanted, stand_of

COLUMNS = (
    Column("Candidate", "middle"),
    Column("Unit", "wide"),
    Column("When", "narrow"),
    Column("Why, and what was changed"),
    Column("By", "narrow"),
    Column("Stands", "narrow"),
)


def plan_rows(centre: Centre, wanted: BoardWanted, *, verifier: User | None) -> QuerySet[PlannedSample]:
    """What is planned of those units of the board that are looked for, by assessor, candidate and day."""
    planned = planned_wanted(centre, wanted, verifier=verifier)
    return planned.order_by(f"{OF_UNIT}__progress__assessor__name", f"{OF_UNIT}__registration__candidate__name", "due")


def plan_paper(centre: Centre, planned: QuerySet[PlannedSample], *, whose: str) -> Paper:
    """Return what is printed of the plan; `whose` says which units it is of."""
    by_assessor: dict[User | None, list[list[str]]] = defaultdict(list)
    related = (f"{OF_UNIT}__registration__candidate", f"{OF_UNIT}__progress__assessor")
    for one in planned.select_related(*related).prefetch_related("steps__author"):
        progress: UnitProgress = one.unit_version.candidate_unit.progress
        by_assessor[progress.assessor].append(_row(one, centre))
    return Paper(
        title=f"Sampling plan: {centre.name}, {formatted(centre.today, DAY)}",
        heading="Sampling plan",
        facts=[centre_fact(centre), ("Units", whose), ("On", formatted(centre.today, DAY))],
        parts=[
            Table(heading=f"Assessor: {assessor or 'nobody yet'}", columns=COLUMNS, rows=rows)
            for assessor, rows in by_assessor.items()
        ]
        or [Table(columns=COLUMNS, nothing="Nothing is planned.")],
        is_wide=True,
    )


def blank_plan(centre: Centre) -> Paper:
    """Return a plan for a hand."""
    return Paper(
        title="Sampling plan",
        heading="Sampling plan",
        facts=facts_to_fill(centre, "Internal verifier", "From and to"),
        parts=[Table(columns=[Column("Assessor", "middle"), *COLUMNS[:-1], Column("Done", "narrow")], empty=6)],
        signatures=[SignatureLine("Internal verifier, date")],
        is_wide=True,
    )


def _row(one: PlannedSample, centre: Centre) -> list[str]:
    unit = one.unit_version.candidate_unit
    steps = [
        f"{step.get_kind_display()} by {step.author}, {at_centre(step.made_at, centre)}: {step.reason}"
        for step in one.steps.all()
    ]
    return [
        f"{unit.registration.candidate}\n{unit.registration.number}".strip(),
        str(revision_row(unit.revision_id)),
        one.get_stage_display(),
        "\n".join([_begun("; ".join(one.reasons)), *steps]),
        formatted(one.due, DAY),
        str(stand_of(one, centre.today).label),
    ]


def _begun(words: str) -> str:
    """With a capital letter, and the rest as it is."""
    return words[:1].upper() + words[1:]
