"""Saves what a page of ticks says of one piece: claims in its unit, and with them those in other units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.cells.changes import CellChange, ChangedCell, cells_change
from assessments.claiming.also_answers import ClaimingUnit
from centres.models import User
from portfolio.models import CandidateUnit, UnitVersion
from portfolio.services.units import units_lock
from record.errors import InvalidTransition


@dataclass(frozen=True, kw_only=True)
class ClaimsSaved:
    """What became of a page of ticks: in its unit, and in the others."""

    changed: list[ChangedCell]
    also_in: list[str]  # the names of the other units in which something was claimed
    as_they_are: list[str]  # a sentence for each other unit that takes no claims of this person now
    refused: list[str]  # why single claims were refused


@transaction.atomic
def claims_save(
    *,
    unit: CandidateUnit,
    actor: User,
    changes: Sequence[CellChange],
    also: Mapping[ClaimingUnit, Sequence[CellChange]],
) -> ClaimsSaved:
    """Make the changes in the unit, then the claims in other units of the portfolio, each unit by itself.

    What another unit refuses is told, and changes nothing elsewhere. Raises what `cells_change` raises of `unit`;
    then nothing at all is saved.
    """
    if also:  # before any of them is locked alone: locks are taken in one order
        units_lock(unit.registration)
    changed = cells_change(unit=unit, actor=actor, changes=changes)
    also_in, as_they_are, refused = [], [], [one.refused for one in changed if one.refused]
    for other, wanted in also.items():
        try:
            done = cells_change(unit=other.unit, actor=actor, changes=wanted)
        except PermissionDenied:
            as_they_are.append(f"You do not claim criteria in {other.name}, so it stays as it is.")
        except InvalidTransition:
            version = UnitVersion.objects.get(candidate_unit=other.unit, closed_at__isnull=True)
            as_they_are.append(f"{other.name} is {version.get_state_display().lower()} and stays as it is.")
        except ValidationError as refusal:
            refused += [f"{other.name}: {sentence}" for sentence in refusal.messages]
        else:
            refused += [f"{other.name}: {one.refused}" for one in done if one.refused]
            if any(one.did for one in done):
                also_in.append(other.name)
    return ClaimsSaved(changed=changed, also_in=also_in, as_they_are=as_they_are, refused=refused)
