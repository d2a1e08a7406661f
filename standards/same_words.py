"""Which criteria of different units say the same: case, punctuation, articles and pronouns aside. Pure: no database."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from standards.content import CriterionContent, RevisionContent, UnitContent
from standards.search import searchable

ARTICLES = {"a", "an", "the"}
# Units address the candidate ("you") or speak of them ("they"); what is asked is the same.
YOU = {"you", "your", "yours"}
THEY = {"he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs", "its"}
PASSED_OVER = ARTICLES | YOU | THEY


def words_key(text: str) -> str:
    """Return what is compared of a text: two texts with the same key say the same. Empty if nothing is left."""
    return " ".join(word for word in searchable(text).split() if word not in PASSED_OVER)


def by_words(unit: UnitContent) -> dict[tuple[str, ...], tuple[CriterionContent, ...]]:
    """Return the criteria of a unit that can be claimed, by what is compared of each.

    A lettered part is compared together with the words that it completes: "records" under "Legislation on" is not
    "records" under "How to keep". Only criteria of one kind are the same: doing a thing is not knowing of it.
    """
    over = {(item.kind, item.position): words_key(item.text) for item in unit.criteria if item.parent is None}
    found = defaultdict(list)
    for item in unit.claimable:
        if words := words_key(item.text):
            lead = over.get((item.kind, item.parent), "") if item.parent is not None else ""
            found[item.kind, lead, words].append(item)
    return {key: tuple(items) for key, items in found.items()}


@lru_cache(maxsize=256)
def words_in(content: RevisionContent) -> Mapping[tuple[str, ...], tuple[CriterionContent, ...]]:
    """Return the same for a published revision, worked out once."""
    return by_words(content.unit)


def same_in(content: RevisionContent, other: RevisionContent) -> Mapping[int, tuple[CriterionContent, ...]]:
    """Return the criteria of another published revision that say the same, by the primary key of that of `content`."""
    theirs = words_in(other)
    return {item.pk: theirs[key] for key, items in words_in(content).items() if key in theirs for item in items}
