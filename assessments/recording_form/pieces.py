"""The list of the evidence on the form: where to look in each piece, who judged it and who sampled it. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assessments.recording_form.tables import details_of, key_of
from assessments.recording_form.words import day_of, initials_of, is_long, isolated
from standards.content import CriterionContent
from standards.naming import CriterionKey, Name, listed_in_short


@dataclass(frozen=True)
class PrintedPiece:
    """One piece of evidence. `assessed` and `sampled` have a line for each person: initials and date."""

    number: int
    title: str
    details: tuple[str, ...]
    places: tuple[str, ...]
    assessed: tuple[str, ...]
    sampled: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether it may go on on the next page."""
        return is_long(*self.places, *self.sampled)


@dataclass(frozen=True)
class PrintedPieces:
    """The list. `initials` says whose they are; `has_samples` is whether the document knows what was sampled."""

    pieces: tuple[PrintedPiece, ...]
    initials: tuple[str, ...]
    has_samples: bool


def printed_pieces(
    document: dict[str, Any],
    claims: Sequence[dict[str, Any]],
    criteria: Sequence[CriterionContent],
    names: dict[CriterionKey, Name],
    zone: str,
) -> PrintedPieces:
    """The pieces with a claim that is shown, as the document tells of them."""
    shown = {claim["id"] for claim in claims}
    samples = [sample for sample in document.get("sampled", ()) if shown.intersection(sample["claims"])]
    people = {by["id"]: by["name"] for by in _judges(claims)}
    people |= {sample["by"]["id"]: sample["by"]["name"] for sample in samples}
    initials = initials_of(people)
    by_piece: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for claim in claims:
        by_piece[claim["evidence"]].append(claim)

    def sampled(of_piece: Sequence[dict[str, Any]]) -> Iterable[str]:
        for sample in samples:
            keys = {key_of(claim) for claim in of_piece if claim["id"] in sample["claims"]}
            if keys:
                listed = listed_in_short(_of(criteria, keys), names)
                yield f"{initials[sample['by']['id']]} {day_of(sample['at'], zone)}: {listed}"

    return PrintedPieces(
        pieces=tuple(
            PrintedPiece(
                number=piece["number"],
                title=piece["title"],
                details=details_of(piece),
                places=tuple(_places(of_piece, criteria, names)),
                assessed=tuple(f"{initials[by]} {day_of(at, zone)}" for by, at in _assessed(of_piece)),
                sampled=tuple(sampled(of_piece)),
            )
            for piece in sorted(document["evidence"], key=lambda piece: piece["number"])
            if (of_piece := by_piece.get(piece["number"]))
        ),
        initials=tuple(
            f"{short} {isolated(people[who])}" for who, short in initials.items() if short != isolated(people[who])
        ),
        has_samples="sampled" in document or document["candidate"] is None,
    )


def _judges(claims: Iterable[dict[str, Any]]) -> Iterable[dict[str, str]]:
    return (claim["judgement"]["by"] for claim in claims if claim["judgement"])


def _assessed(claims: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    """Who judged these claims, each with the moment of their last judgement; the earliest of these first."""
    last: dict[str, str] = {}
    for judgement in (claim["judgement"] for claim in claims if claim["judgement"]):
        by = judgement["by"]["id"]
        last[by] = max(last.get(by, ""), judgement["at"])
    return sorted(last.items(), key=lambda one: one[1])


def _places(
    claims: Sequence[dict[str, Any]], criteria: Sequence[CriterionContent], names: dict[CriterionKey, Name]
) -> Iterable[str]:
    """Where to look, in the order of the columns: "1.1 to 1.4: page 3". Criteria with the same place stand together."""
    said = {key_of(claim): claim["where"] for claim in claims if claim["where"]}
    found: dict[str, list[CriterionContent]] = defaultdict(list)
    for item in _of(criteria, said):
        found[said[item.kind, item.position]].append(item)
    for where, items in found.items():
        # A no-break space: the code stays on the line of the words that it belongs to.
        yield f"{listed_in_short(items, names)}:\N{NO-BREAK SPACE}{isolated(where)}"


def _of(criteria: Iterable[CriterionContent], keys: Collection[CriterionKey]) -> list[CriterionContent]:
    return [item for item in criteria if (item.kind, item.position) in keys]
