"""What people do between two turns of a measure, and in a turn: each page is shown right after its portfolio changed.

All of it goes the way of the product, by services and by the presses of the grid.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any

from django.urls import reverse

from assessments.cells.changes import CellChange, cells_change
from assessments.grid.grid import grid_of
from bench.requests import Handler
from bench.site import Site
from centres.models import User
from portfolio.evidence.services import EvidenceDetails, evidence_correct
from portfolio.models import CandidateUnit, Claim, State
from standards.published import published_content

_number = count()  # what is said is never said twice, so that each turn changes something


def change(site: Site, name: str, handler: Handler) -> None:
    """Change what can be changed in this person's portfolio now: a claim, a judgement or a piece.

    How far the unit is stays as it was.
    """
    unit = site.units[name]
    turn = next(_number)
    match unit.versions.get(closed_at=None).state:
        case State.COLLECTING:
            _look_elsewhere(unit, turn)
        case State.SUBMITTED:
            _judge_again(site, name, handler, turn)
        case _:
            _correct(unit, turn)


def _look_elsewhere(unit: CandidateUnit, turn: int) -> None:
    """The candidate says another place to look in the evidence."""
    claim = Claim.objects.filter(candidate_unit=unit, withdrawn_at=None).select_related("evidence", "standing").first()
    assert claim is not None  # noqa: S101 - every portfolio here has some
    change = CellChange(
        evidence=claim.evidence.uuid,
        criterion=published_content(unit.revision).criterion_by_pk[claim.criterion_id],
        to="claimed",
        where=f"line {turn} of {claim.where.rpartition(' of ')[2]}",
        seen=claim.standing.stamp,
    )
    [changed] = cells_change(unit=unit, actor=unit.registration.candidate, changes=[change])
    assert changed.did == "moved"  # noqa: S101 - or nothing would be measured


def _judge_again(site: Site, name: str, handler: Handler, turn: int) -> None:
    """The assessor finds it met once more, for another reason."""
    unit = site.units[name]
    pressed = _press(
        site.people["ann"], unit, *max(grid_of(unit, all_pieces=True).marks), to="met", reason=f"Seen {turn} times."
    )
    url = reverse("assessments:cells", kwargs=site.named(name, "centre", "unit"))
    answer = handler.ask(url, cookie=site.cookies["ann"], body=pressed, as_json=True)
    assert answer.status == 200, answer.content  # noqa: S101 - or nothing would be measured


def _correct(unit: CandidateUnit, turn: int) -> None:
    """The candidate corrects the last piece, which touches nothing that was signed."""
    piece = unit.registration.evidence.latest("number")
    latest = piece.versions.latest("number")
    said = {name: getattr(latest, name) for name in EvidenceDetails.__dataclass_fields__}
    evidence_correct(
        evidence=piece,
        actor=piece.author,
        seen=latest.number,
        details=EvidenceDetails(**said | {"relevance": f"Shows how I dealt with {turn} complaints"}),
        keep=list(latest.files.all()),
        staged=[],
    )


def toggled(site: Site, turn: int) -> Mapping[str, Any]:
    """Claim a cell of Pat's grid that is empty, and take the claim back in the next turn."""
    unit = site.units["pat"]
    evidence, criterion = (
        unit.registration.evidence.earliest("number"),
        published_content(unit.revision).unit.performance[0],
    )
    return _press(site.people["pat"], unit, evidence.pk, criterion.pk, to=("claimed", "empty")[turn % 2])


def judged(site: Site, turn: int) -> Mapping[str, Any]:
    """Judge a claim of Quinn's met in part, and met in the next turn."""
    unit = site.units["quinn"]
    return _press(site.people["ann"], unit, *min(grid_of(unit, all_pieces=True).marks), to=("partly", "met")[turn % 2])


def _press(
    person: User, unit: CandidateUnit, evidence: int, criterion: int, *, to: str, reason: str = ""
) -> Mapping[str, Any]:
    """What the grid of the person sends for a press in this cell."""
    grid = grid_of(unit, all_pieces=True)
    change = grid.marks.get((evidence, criterion))
    anchor = next(item.anchor for item in grid.content.unit.criteria if item.pk == criterion)
    seen = change.stamp if change else ""
    return {
        "person": str(person.uuid),
        "marks": [{"e": grid.pieces[evidence].uuid, "c": anchor, "to": to, "reason": reason, "seen": seen}],
    }
