"""Questions about the policy of a centre."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from centres.models import Centre, CentrePolicy
from centres.policy.choices import LABELS, FileGroup, PolicyChoices
from centres.words import DOMAIN, CandidateWord, ExternalVerifierWord, InternalVerifierWord
from record.prepared import prepared

TOLD_AT_MOST = 100  # changes on a page; the record has all


def policy_of(centre: Centre) -> CentrePolicy:
    """Return the policy that holds now, in one query; number 0, unsaved, where the centre never chose anything."""
    chosen = _latest(centre.pk)
    if not chosen:
        return CentrePolicy(
            centre=centre,
            candidate_word=centre.candidate_word,
            internal_verifier_word=centre.internal_verifier_word,
            external_verifier_word=centre.external_verifier_word,
            made_at=timezone.now(),
        )
    [latest] = chosen
    latest.centre = centre
    return latest


@prepared
def _latest(centre: int) -> QuerySet[CentrePolicy, CentrePolicy]:
    return CentrePolicy.objects.filter(centre=centre).order_by("-number")[:1]


def choices_at(centre: Centre, number: int) -> PolicyChoices | None:
    """Return what that number of the policy said; None if there is no such number."""
    found = CentrePolicy.objects.filter(centre=centre, number=number).first()
    return found.choices if found else None


@dataclass(frozen=True, kw_only=True)
class PolicyChange:
    """What somebody changed at one time: each part, what it was and what it became, in words."""

    by: str
    at: datetime
    parts: tuple[tuple[str, str, str], ...]


def policy_changes(centre: Centre) -> list[PolicyChange]:
    """Return who changed what in the policy and when, the latest first."""
    rows = CentrePolicy.objects.filter(centre=centre).select_related("author").order_by("-number")[: TOLD_AT_MOST + 1]
    return [
        PolicyChange(by=str(after.author), at=after.made_at, parts=tuple(_differing(before.choices, after.choices)))
        for after, before in pairwise(rows)
    ]


def _differing(before: PolicyChoices, after: PolicyChoices) -> Iterator[tuple[str, str, str]]:
    for field in fields(PolicyChoices):
        was, is_now = getattr(before, field.name), getattr(after, field.name)
        if was != is_now:
            yield LABELS[field.name], _in_words(field.name, was), _in_words(field.name, is_now)


_WORDS = {
    "candidate_word": CandidateWord,
    "internal_verifier_word": InternalVerifierWord,
    "external_verifier_word": ExternalVerifierWord,
}


def _in_words(part: str, value: Any) -> str:
    if part in _WORDS:
        return str(_WORDS[part](value).label)
    if part == "file_groups":
        return groups_in_words(value)
    if part == "feedback_sentences":
        return str(value) or "none"
    if part == "second_step_roles":
        return ", ".join(DOMAIN.of_role(role) for role in value.split()) or "nobody"
    return "no limit" if value is None else f"{value:,}"


def groups_in_words(groups: Iterable[FileGroup]) -> str:
    """Return kinds of file as a sentence names them: "documents, pictures and films", always in the same order."""
    *most, last = [str(group.label) for group in FileGroup if group in {*groups}]
    said = f"{', '.join(most)} and {last}" if most else last
    return said.lower()
