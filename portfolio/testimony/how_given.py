"""How a witness gave a piece, and how an assessor reached them: for who signs, and for the list of witnesses."""

from collections.abc import Collection
from dataclasses import dataclass

from centres.words import Words
from portfolio.models import Evidence, GivenOn, Relation, TakenDown, TestimonyNote

UNREACHED = "No assessor has noted yet how they reached the witness."


@dataclass(frozen=True, kw_only=True)
class HowGiven:
    """What is told of a piece that has a witness. `sentence` is empty for one taken over from another portfolio."""

    is_family: bool  # of the candidate, by their own word or by that of whoever asked them
    on_candidates_device: bool
    sentence: str


def how_given(pieces: Collection[int], called: Words) -> dict[int, HowGiven]:
    """Return it for each of these pieces (primary keys) that has a witness; two queries, none without pieces."""
    if not pieces:
        return {}
    found = Evidence.objects.filter(pk__in=pieces, witness__isnull=False)
    related = found.select_related("witness", "testimony__request__taken_down", "testimony__request__asked_by")
    return {piece.pk: _of(piece, called) for piece in related.prefetch_related("testimony__notes__author")}


def _of(piece: Evidence, called: Words) -> HowGiven:
    testimony = getattr(piece, "testimony", None)
    relations = {one.relation for one in (piece.witness, testimony) if one}
    said = []
    if testimony:
        if given_on := called.say(testimony.get_given_on_display()):
            said.append(f"Given {given_on}.")
        if taken_down := getattr(testimony.request, "taken_down", None):
            said.append(_reached(testimony.request.asked_by.name, taken_down))
        said += [_reached(note.author.name, note) for note in testimony.notes.all() if note.reached] or (
            [] if taken_down else [UNREACHED]
        )
    return HowGiven(
        is_family=Relation.FAMILY in relations,
        on_candidates_device=testimony is not None and testimony.given_on == GivenOn.CANDIDATE,
        sentence=" ".join(said),
    )


def _reached(who: str, how: TestimonyNote | TakenDown) -> str:
    return f"{who} reached the witness {how.get_reached_display().lower()} on {how.reached_on:%-d %B %Y}."
