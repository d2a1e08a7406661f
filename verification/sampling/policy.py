"""The sampling policy of a centre: what holds, who changed what, and the one way to change it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, Membership, Role, User
from record.errors import ChangedMeanwhile
from record.services.events import event_add
from verification.models import SamplingChoices, SamplingPolicy
from verification.models.sampling_choices import LABELS
from verification.sampling.permissions import may_set_policy

TOLD_AT_MOST = 100  # changes on a page; the record has all
SUGGESTED = SamplingChoices(
    summative_share=20,
    interim_share=10,
    new_in_full=True,
    new_months=6,
    every_months=12,
    due_days=14,
    observations_a_year=1,
    candidates_an_interview=10,
    meetings_a_year=2,
)
NOBODY_SAMPLES = (
    "Nobody here is an {internal_verifier}, so nobody could sample. First give somebody the role, under People."
)
NOTHING_SAMPLED = (
    "By this policy nothing would ever be sampled. Give a share, or a number of months, or let all units of new "
    "assessors be looked at."
)


def policy_of(centre: Centre) -> SamplingPolicy | None:
    """Return the sampling policy that holds now, in one query; None where the centre never chose one."""
    latest = SamplingPolicy.objects.filter(centre=centre).order_by("-number").first()
    if latest:
        latest.centre = centre
    return latest


@transaction.atomic
def sampling_policy_set(*, centre: Centre, actor: User, seen: int, choices: SamplingChoices) -> SamplingPolicy:
    """Let the centre sample like this from now on; what is planned stays. `seen` is the number that was shown, or 0.

    The same choices again change nothing. Raises PermissionDenied, ChangedMeanwhile if somebody else changed it since,
    ValidationError for what a policy cannot say: see `_require_possible`.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_set_policy(actor, centre):
        raise PermissionDenied
    before = policy_of(centre)
    if before and choices == before.choices:
        return before
    number = before.number if before else 0
    if seen != number:
        raise ChangedMeanwhile("The sampling policy was")
    policy = SamplingPolicy(centre=centre, number=number + 1, author=actor, made_at=timezone.now(), **asdict(choices))
    _require_possible(policy)
    policy.save()
    event_add(chain=centre.chain, kind="sampling.policy_set", actor=actor.uuid, at=policy.made_at, row=policy)
    return policy


def _require_possible(policy: SamplingPolicy) -> None:
    """Refuse shares and months out of their limits, a policy that samples nothing, and one that nobody could follow."""
    said = policy.choices
    if not (said.summative_share or said.interim_share or said.new_in_full or said.every_months):
        raise ValidationError(NOTHING_SAMPLED)
    policy.full_clean()
    verifiers = Membership.objects.current().filter(centre=policy.centre, role=Role.INTERNAL_VERIFIER)
    if not verifiers.exists():
        raise ValidationError(policy.centre.words.say(NOBODY_SAMPLES))


def sampling_policy_in_words(policy: SamplingPolicy) -> list[tuple[str, str]]:
    """Return each part of a policy with what was chosen."""
    return [(label, now) for label, _, now in _differing(None, policy)]


@dataclass(frozen=True, kw_only=True)
class SamplingPolicyChange:
    """What somebody changed at one time: each part, what it was ("" at first) and what it became, in words."""

    by: str
    at: datetime
    parts: tuple[tuple[str, str, str], ...]


def sampling_policy_changes(centre: Centre) -> list[SamplingPolicyChange]:
    """Return who changed what in the policy and when, the latest first."""
    rows = SamplingPolicy.objects.filter(centre=centre).select_related("author").order_by("-number")
    shown: list[SamplingPolicy | None] = [*rows[: TOLD_AT_MOST + 1]]
    if len(shown) <= TOLD_AT_MOST:
        shown.append(None)  # before the first there was none
    return [
        SamplingPolicyChange(by=str(after.author), at=after.made_at, parts=tuple(_differing(before, after)))
        for after, before in pairwise(shown)
        if after
    ]


def _differing(before: SamplingPolicy | None, after: SamplingPolicy) -> Iterator[tuple[str, str, str]]:
    for field in fields(SamplingChoices):
        is_now = _in_words(getattr(after, field.name))
        was = _in_words(getattr(before, field.name)) if before else ""
        if was != is_now:
            yield LABELS[field.name], was, is_now


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value in {None, ""} else str(value)
