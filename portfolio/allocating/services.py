"""Allocates many units at once, a slice at a time, by the rules of one allocation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from portfolio.allocating.preview import AT_ONCE, RELATED, AllocationRow, AllocationsWanted, rows_of
from portfolio.models import Allocation, AllocationReason, CandidateUnit, Registration
from portfolio.registrations.allocatable import reasons_for
from portfolio.registrations.telling import Telling
from record.services.chains import chains_lock

AT_A_TIME = 50  # units in one transaction, so that nobody else waits long for the centre's chain
NOBODY_TICKED = "Tick at least one unit. Nothing was changed."
TOO_MANY = f"At most {AT_ONCE} units are allocated at once. Nothing was changed."


@dataclass
class Done:
    """What became of the units: how many were changed, and which were not, in words."""

    changed: int = 0
    so_already: int = 0
    changed_meanwhile: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    gone: int = 0  # set aside meanwhile, or none of this centre's


def allocations_change(*, centre: Centre, actor: User, wanted: AllocationsWanted, seen: Mapping[UUID, str]) -> Done:
    """Allocate these units (by uuid, each with `AllocationRow.seen` of what was shown), so many in each transaction.

    A unit in which something else stands now is left as it is, unless it is as wanted: so sent twice it is done once.
    So is one that refuses. Raises PermissionDenied unless `actor` coordinates the centre, ValidationError, with nothing
    changed, for no unit at all, for more than AT_ONCE, and for a cover that is over.
    """
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    if not seen:
        raise ValidationError(NOBODY_TICKED)
    if len(seen) > AT_ONCE:
        raise ValidationError(TOO_MANY)
    if wanted.until is not None and wanted.until <= timezone.now():
        raise ValidationError("This day is over. Choose a later one. Nothing was changed.")
    units = CandidateUnit.objects.taken().filter(registration__centre=centre, uuid__in=seen)
    keys = list(units.order_by("registration", "pk").values_list("pk", "registration"))
    done = Done(gone=len(seen) - len(keys))
    for start in range(0, len(keys), AT_A_TIME):
        _slice(keys[start : start + AT_A_TIME], centre=centre, actor=actor, wanted=wanted, seen=seen, done=done)
    return done


@transaction.atomic
def _slice(
    keys: Sequence[tuple[int, int]],
    *,
    centre: Centre,
    actor: User,
    wanted: AllocationsWanted,
    seen: Mapping[UUID, str],
    done: Done,
) -> None:
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    rows = _locked(keys, centre, wanted)
    done.gone += len(keys) - len(rows)
    wanted_rows = []
    for row in rows:
        if row.is_so and not row.refused:
            done.so_already += 1
        elif row.seen != seen[row.unit.uuid]:
            done.changed_meanwhile.append(row.named)
        elif row.refused:
            done.refused.append(f"{row.named}: {row.refused}")
        else:
            wanted_rows.append(row)
    _place(wanted_rows, actor=actor, reason=wanted.reason)
    done.changed += len(wanted_rows)


def _place(rows: Sequence[AllocationRow], *, actor: User, reason: str) -> None:
    """Do what these rows say: the same as one allocation after the other, with a few queries for all."""
    telling = Telling(actor)
    made, reasons = [], []
    for row in rows:
        for allocation in row.ends:
            allocation.ended_at = telling.at
            telling.add("ended", allocation)
        if row.work and not any(row.work.is_done_by(one) for one in row.standing):
            allocation = Allocation(candidate_unit=row.unit, began_at=telling.at, **row.work._asdict())
            given = reasons_for(allocation, row.known, reason)
            made.append(allocation)
            reasons += given
            telling.add("made", allocation, *given)
    ended = [allocation.pk for row in rows for allocation in row.ends]
    Allocation.objects.filter(pk__in=ended).update(ended_at=telling.at)
    Allocation.objects.bulk_create(made)
    AllocationReason.objects.bulk_create(reasons)
    telling.tell()


def _locked(keys: Sequence[tuple[int, int]], centre: Centre, wanted: AllocationsWanted) -> list[AllocationRow]:
    """Lock portfolios, units and chains in the order that everybody keeps, and read what stands then."""
    portfolios = Registration.objects.select_for_update(no_key=True, of=("self",)).select_related("chain")
    locked = list(portfolios.filter(pk__in={portfolio for _, portfolio in keys}).order_by("pk"))
    units = [unit for unit, _ in keys]
    list(CandidateUnit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk").values_list("pk"))
    chains_lock(centre.chain, *(portfolio.chain for portfolio in locked))
    return rows_of(list(CandidateUnit.objects.taken().filter(pk__in=units).select_related(*RELATED)), wanted)
