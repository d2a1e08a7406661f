"""Puts on record what the awarding body says of a qualification at a centre."""

import datetime
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from portfolio.models import QualificationRules
from portfolio.qualification_rules.selectors import rules_of
from record.errors import ChangedMeanwhile
from record.services.events import event_add
from standards.models import Qualification


@dataclass(frozen=True, kw_only=True)
class RulesSaid:
    """What the rules of a qualification say; a last day counts itself."""

    direct_claims: bool
    register_by: datetime.date | None = None
    certify_by: datetime.date | None = None
    sanction: str = ""
    sanction_since: datetime.date | None = None
    sanction_until: datetime.date | None = None


@transaction.atomic
def qualification_rules_set(
    *, centre: Centre, qualification: Qualification, actor: User, seen: int, said: RulesSaid
) -> QualificationRules:
    """Let these rules hold of the qualification at the centre from now on, and return them.

    The same again changes nothing. `seen` is the number of those that the page showed, 0 for none. Raises
    PermissionDenied unless `actor` coordinates the centre, ChangedMeanwhile if somebody else changed them since,
    ValidationError for what they cannot say.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    before = rules_of(centre, qualification.address)
    number = before.number if before else 0
    row = QualificationRules(
        centre=centre,
        qualification=qualification.address,
        number=number + 1,
        author=actor,
        made_at=timezone.now(),
        **vars(said),
    )
    row.full_clean()
    if before and all(getattr(row, name) == getattr(before, name) for name in vars(said)):
        return before
    if seen != number:
        raise ChangedMeanwhile("This was")
    row.save()
    event_add(chain=centre.chain, kind="qualification_rules.set", actor=actor.uuid, at=row.made_at, row=row)
    return row
