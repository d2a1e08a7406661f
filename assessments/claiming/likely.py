"""Which criteria a piece most likely shows: a plain measure, which the page says in a line. Pure: no database."""

from collections.abc import Container, Mapping
from typing import NamedTuple
from uuid import UUID

from assessments.claiming.also_answers import Also
from standards.content import RevisionContent
from standards.parts import parts_in

LIKELY_AT_MOST = 6  # in a unit: more would be no choice


class Likelihood(NamedTuple):
    """How likely a criterion is; the larger, the likelier."""

    is_ticked: bool  # the witness, whose testimony the piece is, ticked it
    is_answered: bool  # the piece is claimed for the same words in another unit
    is_near: bool  # or for nearly the same
    neighbours: int  # claims of other pieces of its kind under the same heading, and of the same words elsewhere


def likely_in(
    content: RevisionContent,
    *,
    of_its_kind: Mapping[int, int],
    also: Mapping[UUID | None, Also],
    near: Container[int],
    ticked: Container[str] = (),
) -> dict[int, Likelihood]:
    """Return how likely criteria of a unit are, by primary key; those of which nothing speaks are not among them.

    `of_its_kind` counts the claims of other pieces of the same kind, by primary key of the criterion; `near` has those
    whose words are nearly those that the piece answers elsewhere, `ticked` the identifiers of what a witness ticked.
    """
    found = {}
    for part in parts_in(content):
        beside = sum(of_its_kind.get(item.pk, 0) for item in part.criteria)
        for item in part.criteria:
            same = also.get(item.uuid, Also())
            elsewhere = sum(of_its_kind.get(one.criterion.pk, 0) for one in same.found)
            likelihood = Likelihood(str(item.uuid) in ticked, bool(same.claimed), item.pk in near, beside + elsewhere)
            if any(likelihood):
                found[item.pk] = likelihood
    return found
