"""Saves what a page of ticks says of one piece: claims in units of the portfolio, each unit by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.cells.changes import CellChange, ChangedCell, cells_change
from assessments.claiming.also_answers import ClaimingUnit
from centres.models import User
from portfolio.models import Registration
from portfolio.open_versions import open_version
from portfolio.services.units import units_lock
from record.errors import InvalidTransition


@dataclass(kw_only=True)
class ClaimsSaved:
    """What became of a page of ticks."""

    changed: dict[str, list[ChangedCell]] = field(default_factory=dict)  # by the name of the unit
    also_in: list[str] = field(default_factory=list)  # the units in which something was claimed with it
    as_they_are: list[str] = field(default_factory=list)  # of units in which something was to be claimed with it
    refused: list[str] = field(default_factory=list)  # why something that was ticked or unticked was not saved


@transaction.atomic
def claims_save(
    *,
    registration: Registration,
    actor: User,
    changes: Mapping[ClaimingUnit, Sequence[CellChange]],
    also: Mapping[ClaimingUnit, Sequence[CellChange]],
) -> ClaimsSaved:
    """Make the changes in each unit, and `also` the claims that go with them.

    What one unit refuses is told, and changes nothing elsewhere. Raises PermissionDenied if the actor claims in none
    of the units; then nothing at all is saved.
    """
    units = list(dict.fromkeys([*changes, *also]))
    if len(units) > 1:  # before any of them is locked alone: locks are taken in one order
        units_lock(registration)
    saved = ClaimsSaved()
    denied = [unit for unit in units if not _save_in(unit, actor, changes.get(unit, ()), also.get(unit, ()), saved)]
    if denied and len(denied) == len(units):
        raise PermissionDenied
    return saved


def _save_in(
    unit: ClaimingUnit, actor: User, ticked: Sequence[CellChange], with_it: Sequence[CellChange], saved: ClaimsSaved
) -> bool:
    """Save what belongs to one unit, and note what became of it. Return False if the actor does not claim in it."""
    told = saved.refused if ticked else saved.as_they_are
    try:
        done = cells_change(unit=unit.unit, actor=actor, changes=[*ticked, *with_it])
    except PermissionDenied:
        if unit.unit.set_aside_at:  # as the lock has just told
            told.append(f"{unit.name} was set aside and stays as it is.")
            return True
        told.append(f"You do not claim criteria in {unit.name}, so it stays as it is.")
        return False
    except InvalidTransition:
        version = open_version(unit.unit)
        told.append(f"{unit.name} is {version.get_state_display().lower()} and stays as it is.")
    except ValidationError as refusal:
        saved.refused += [_of(unit, sentence) for sentence in refusal.messages]
    else:
        saved.refused += [_of(unit, one.refused) for one in done if one.refused]
        saved.changed[unit.name] = done[: len(ticked)]
        if any(one.did for one in done[len(ticked) :]):
            saved.also_in.append(unit.name)
    return True


def _of(unit: ClaimingUnit, sentence: str) -> str:
    """The sentence, with the unit's name before it unless it begins with it."""
    return sentence if sentence.startswith(unit.name) else f"{unit.name}: {sentence}"
