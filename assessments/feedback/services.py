"""Puts an assessor's feedback on record, for the candidate to read."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import Feedback
from assessments.permissions import may_judge
from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Evidence
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.services.events import event_add


@transaction.atomic
def feedback_give(*, unit: CandidateUnit, actor: User, words: str, evidence: Evidence | None = None) -> Feedback:
    """Tell the candidate something of the unit, or of one piece in it. Returns what was said.

    The same words of the same person on the same thing are said once, so that a second press of the button says
    nothing more. Raises PermissionDenied unless the actor assesses the unit, and ValidationError without words or if
    they have acted in the unit in another capacity.
    """
    version_lock(unit)
    if not may_judge(actor, unit):
        raise PermissionDenied
    if evidence and evidence.registration_id != unit.registration_id:
        raise ValidationError({"evidence": "This evidence is not in the portfolio."})
    author = participate(unit=unit, actor=actor, capacity=Capacity.ASSESSOR)
    feedback = Feedback(candidate_unit=unit, evidence=evidence, author=author, words=words, made_at=timezone.now())
    feedback.full_clean()
    last = Feedback.objects.filter(candidate_unit=unit, author=author).last()
    if last and (last.words, last.evidence_id) == (feedback.words, feedback.evidence_id):
        return last
    feedback.save()
    event_add(
        chain=unit.registration.chain,
        kind="feedback.given",
        actor=actor.uuid,
        at=feedback.made_at,
        row=feedback,
        also=author.to_tell(),
    )
    return feedback
