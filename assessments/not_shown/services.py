"""The assessor says that a range item cannot be shown, the verifier answers, either ends it.

From docs/contributors/domain.md, "Range that a workplace cannot show": a range item, never a criterion or
knowledge item, with the awarding body's reference. All of it before the sign-off, which asks for the agreement.
"""

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import NotShown, NotShownAnswer, Standing
from assessments.models.status import Status
from assessments.permissions import may_answer_not_shown, may_end_not_shown, may_judge
from assessments.standing.unit_record import is_open_to_judgement
from centres.models import User
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, Capacity, UnitVersion
from portfolio.permissions import capacity_in
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.events import event_add
from standards.content import CriterionContent
from standards.models import Criterion


@transaction.atomic
def not_shown_state(*, unit: CandidateUnit, actor: User, item: CriterionContent, reason: str) -> NotShown:
    """The assessor says that the workplace cannot show a range item of the unit, and why.

    Raises PermissionDenied; InvalidTransition after the sign-off; ValidationError without a reason, for anything but a
    range item that is ticked by itself, for one that is judged met, and where this is said of it already.
    """
    version = version_lock(unit)
    if not may_judge(actor, unit):
        raise PermissionDenied
    _require_open(version)
    if item.kind != Criterion.Kind.RANGE or not item.is_claimable:
        raise ValidationError("Only an item of the range can be left out. Every other criterion must be shown.")
    if Standing.objects.filter(candidate_unit=unit, criterion=item.pk, status=Status.MET).exists():
        raise ValidationError("This item is judged met, so it is shown. Nothing has to be agreed.")
    author = participate(unit=unit, actor=actor, capacity=Capacity.ASSESSOR)
    now = timezone.now()
    said = NotShown(candidate_unit=unit, criterion_id=item.pk, author=author, reason=reason, made_at=now)
    said.full_clean()
    said.save()
    _tell("not_shown.stated", said, actor=actor, at=now, also=author.to_tell())
    return said


@transaction.atomic
def not_shown_answer(
    *, said: NotShown, actor: User, agrees: bool, reference: str = "", why_not: str = ""
) -> NotShownAnswer:
    """The verifier agrees, with the awarding body's reference, or does not and says why: then it counts no more.

    Raises PermissionDenied; InvalidTransition after the sign-off; ChangedMeanwhile if it was taken back or answered;
    ValidationError without a reference or a reason.
    """
    unit = said.candidate_unit
    version = version_lock(unit)
    if not may_answer_not_shown(actor, unit):
        raise PermissionDenied
    require_may_verify(unit.registration, actor)
    _require_open(version)
    _require_standing(said)
    if NotShownAnswer.objects.filter(not_shown=said).exists():
        raise ChangedMeanwhile("This was", "somebody has answered it")
    if agrees and not reference:
        raise ValidationError({"reference": "Give the reference under which the awarding body permits it."})
    if not agrees and not why_not:
        raise ValidationError({"why_not": "Say why, so that the assessor knows what to do."})
    author = participate(unit=unit, actor=actor, capacity=Capacity.INTERNAL_VERIFIER)
    now = timezone.now()
    answer = NotShownAnswer(
        not_shown=said,
        author=author,
        agrees=agrees,
        reference=reference if agrees else "",
        why_not="" if agrees else why_not,
        made_at=now,
    )
    answer.full_clean()
    answer.save()
    if not agrees:
        _end(said, now)
    event_add(
        chain=unit.registration.chain,
        kind="not_shown.agreed" if agrees else "not_shown.refused",
        actor=actor.uuid,
        at=now,
        row=answer,
        also=[*([] if agrees else [said]), *author.to_tell()],
        payload={"unit": str(unit.uuid)},
    )
    return answer


@transaction.atomic
def not_shown_end(*, said: NotShown, actor: User) -> None:
    """The assessor takes it back, or the verifier their agreement: the item is asked for again.

    Raises PermissionDenied; InvalidTransition after the sign-off; ChangedMeanwhile if it has ended already.
    """
    unit = said.candidate_unit
    version = version_lock(unit)
    capacity = capacity_in(actor, unit)
    if capacity is None or not may_end_not_shown(actor, unit):
        raise PermissionDenied
    _require_open(version)
    _require_standing(said)
    author = participate(unit=unit, actor=actor, capacity=capacity)
    now = timezone.now()
    _end(said, now)
    _tell("not_shown.ended", said, actor=actor, at=now, also=author.to_tell())


def _require_open(version: UnitVersion) -> None:
    if not is_open_to_judgement(version):
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()} now, so this cannot be changed. Nothing was changed."
        )


def _require_standing(said: NotShown) -> None:
    """Whether it still stands, asked once the lock is held."""
    if NotShown.objects.filter(pk=said.pk, ended_at__isnull=False).exists():
        raise ChangedMeanwhile("This was", "it was taken back, or not agreed to")


def _end(said: NotShown, at: datetime.datetime) -> None:
    said.ended_at = at
    said.save(update_fields=["ended_at"])


def _tell(kind: str, said: NotShown, *, actor: User, at: datetime.datetime, also: tuple) -> None:
    unit = said.candidate_unit
    event_add(
        chain=unit.registration.chain,
        kind=kind,
        actor=actor.uuid,
        at=at,
        row=said,
        also=also,
        payload={"unit": str(unit.uuid)},
    )
