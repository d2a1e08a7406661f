"""What a portfolio has of witnesses: whom somebody asked, what stands open, and who gave what."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import QuerySet

from centres.words import Words
from portfolio.models import Evidence, Registration, TakenDown, Testimony, TestimonyRequest, Witness
from portfolio.testimony.how_given import HowGiven, how_given
from portfolio.testimony.rules import Stands, stands
from record.prepared import prepared


@dataclass(frozen=True, kw_only=True)
class RequestLine:
    """A request as lists show it."""

    request: TestimonyRequest
    stands: Stands

    @property
    def word(self) -> str:
        """What has become of it."""
        return self.stands.value.capitalize()

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for an answer that can still come."""
        return self.stands == Stands.OPEN


class GivenPiece(NamedTuple):
    """A piece of a witness, and how they gave it."""

    piece: Evidence
    how: HowGiven


@dataclass(frozen=True, kw_only=True)
class WitnessLine:
    """A witness who gave something, and which evidence that is."""

    witness: Witness
    pieces: Sequence[GivenPiece]
    is_accepted: bool  # as an expert, by an assessor


def requests_in(registration: Registration) -> list[RequestLine]:
    """Return all requests of a portfolio, the latest first; one query."""
    requests = TestimonyRequest.objects.filter(witness__registration=registration).order_by("-pk")
    found = requests.select_related("witness", "asked_by", "testimony__evidence")
    return [RequestLine(request=request, stands=stands(request)) for request in found]


def waiting_in(portfolios: Collection[int]) -> list[RequestLine]:
    """Return the requests of these portfolios (primary keys) that nobody has answered, late ones too; one query."""
    waiting = _waiting_in(portfolios)
    return [RequestLine(request=one, stands=Stands.LATE if one.is_late else Stands.OPEN) for one in waiting]


@prepared
def _waiting_in(portfolios: Collection[int]) -> QuerySet[TestimonyRequest, TestimonyRequest]:
    requests = TestimonyRequest.objects.waiting().filter(witness__registration__pk__in=portfolios)
    return requests.order_by("until", "pk").select_related("witness__registration")


def ticked_by_witness(evidence: Evidence) -> frozenset[str]:
    """Return the keys of the criteria that the witness of a piece ticked; no query for a piece without one."""
    if evidence.witness_id is None:
        return frozenset()
    given = Testimony.objects.filter(evidence=evidence).first()
    return frozenset(given.criteria if given else ())


def is_as_taken_down(testimony: Testimony, taken_down: TakenDown) -> bool:
    """Whether a witness confirmed what was taken down as it stood: words, criteria, place and days; two queries."""
    version = testimony.evidence.versions.earliest("number")
    digest = hashlib.sha256(taken_down.words.encode()).hexdigest()
    said = (testimony.place, testimony.criteria, version.happened_from, version.happened_to)
    stood = (taken_down.place, taken_down.request.criteria, taken_down.happened_from, taken_down.happened_to)
    return said == stood and version.files.filter(stored_file__sha256=digest).exists()


def witnesses_in(registration: Registration, called: Words) -> list[WitnessLine]:
    """Return the witnesses whose words stand in a portfolio, by name; five queries at most.

    A piece that was taken over from another portfolio brings its witness along.
    """
    pieces = {piece.pk: piece for piece in registration.evidence.kept().order_by("number") if piece.witness_id}
    given = how_given(pieces, called)
    by_witness: dict[int, list[GivenPiece]] = defaultdict(list)
    for piece in pieces.values():
        by_witness[piece.witness_id or 0].append(GivenPiece(piece, given[piece.pk]))
    witnesses = Witness.objects.filter(pk__in=by_witness).prefetch_related("standings").order_by("name", "pk")
    return [
        WitnessLine(witness=one, pieces=by_witness[one.pk], is_accepted=bool(one.standings.all())) for one in witnesses
    ]
