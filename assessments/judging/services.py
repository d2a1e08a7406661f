"""The assessor answers claims, and states what the unit asks for without a letter."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import AssessorStatement
from assessments.permissions import may_judge
from assessments.standing.unit_record import is_open_to_judgement
from centres.models import User
from portfolio.models import CandidateUnit, Capacity
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import InvalidTransition
from record.services.events import Happening, events_add
from standards.unit_rules import parse_rules


@transaction.atomic
def statements_set(
    *, unit: CandidateUnit, actor: User, statements: Collection[str], seen: Collection[str] | None = None
) -> None:
    """Make these the stated ones of the unit's unlettered musts.

    `seen` are those that the page showed as stated. Only what differs from it is changed, so a page that is out of
    date undoes nothing. Raises PermissionDenied; InvalidTransition after the sign-off; ValidationError for words that
    the unit does not have, and if anything would change and the actor has acted here in another capacity.
    """
    _require_may_judge(unit=unit, actor=actor)
    asked_for = parse_rules(unit.revision.rules).statements
    if not set(statements) <= set(asked_for):
        raise ValidationError("This unit asks for no such statement.")
    standing = {
        statement.words: statement
        for statement in unit.statements.filter(withdrawn_at__isnull=True).select_related("author__user")
    }
    shown = standing if seen is None else seen
    changed = [
        words
        for words in asked_for
        if (words in statements) != (words in shown) and (words in statements) != (words in standing)
    ]
    if not changed:  # a page on which nothing is new makes nobody a participant
        return
    author = participate(unit=unit, actor=actor, capacity=Capacity.ASSESSOR)
    now = timezone.now()
    happenings: list[Happening] = []
    for words in changed:
        if words in statements:
            statement = AssessorStatement.objects.create(candidate_unit=unit, words=words, author=author, made_at=now)
        else:
            statement = standing[words]
            statement.withdrawn_at = now
            statement.save(update_fields=["withdrawn_at"])
        kind = "statement.withdrawn" if statement.withdrawn_at else "statement.made"
        happenings.append(Happening(kind=kind, row=statement, also=() if happenings else author.to_tell()))
    events_add(chain=unit.registration.chain, actor=actor.uuid, at=now, happenings=happenings)


def _require_may_judge(*, unit: CandidateUnit, actor: User) -> None:
    """Lock the unit, and refuse anyone who may not judge in it now."""
    version = version_lock(unit)
    if not may_judge(actor, unit):
        raise PermissionDenied
    if not is_open_to_judgement(version):
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()}, so its judgements cannot be changed any "
            "more. Nothing was saved."
        )
