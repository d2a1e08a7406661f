"""Which criteria of different units say nearly the same: a suggestion to whoever claims, and nothing more. Pure.

Two texts are near if most of their words are the same, in whatever order. It is plain counting, so it gives the same
answer whenever it is asked, and anybody can check it.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from standards.content import CriterionContent, RevisionContent
from standards.same_words import words_in

NEAR = 0.75  # of the words of both together
WORDS_AT_LEAST = 4  # in each: of fewer, most are soon the same


def nearness(words: Collection[str], other: Collection[str]) -> float:
    """Return how near two texts are, from 0 to 1: twice the words that both have, of the words of both together."""
    return 2 * len({*words} & {*other}) / (len({*words}) + len({*other})) if words or other else 0.0


@lru_cache(maxsize=256)
def word_sets(content: RevisionContent) -> Mapping[int, tuple[str, frozenset[str]]]:
    """Return the kind and the words of each criterion of a published revision that has enough, by primary key.

    Of a lettered part these are its own words and those that it completes.
    """
    found: dict[int, tuple[str, frozenset[str]]] = {}
    for (kind, *texts), items in words_in(content).items():
        words = frozenset(" ".join(texts).split())
        if len(words) >= WORDS_AT_LEAST:
            found |= {item.pk: (kind, words) for item in items}
    return found


def nearest(
    content: RevisionContent, others: Iterable[tuple[RevisionContent, CriterionContent]]
) -> dict[int, tuple[RevisionContent, CriterionContent]]:
    """Return which of the other units' criteria is nearest to each criterion of a unit, by its primary key.

    Only what is near is given, and of what is as near the first. Criteria of one kind alone are compared: doing a thing
    is not knowing of it.
    """
    found: dict[int, tuple[RevisionContent, CriterionContent]] = {}
    how_near = dict.fromkeys(word_sets(content), 0.0)
    for other, criterion in others:
        if other is content or criterion.pk not in word_sets(other):
            continue
        of_kind, said = word_sets(other)[criterion.pk]
        for pk, (kind, words) in word_sets(content).items():
            near = nearness(words, said) if kind == of_kind else 0.0
            if near >= NEAR and near > how_near[pk]:
                found[pk], how_near[pk] = (other, criterion), near
    return found
