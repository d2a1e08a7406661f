"""The latest evidence of a candidate that claims nothing yet."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from centres.models import User
from portfolio.models import (
    Claim,
    Evidence,
    EvidenceVersion,
)
from record.prepared import prepared


class UnclaimedPiece(NamedTuple):
    """A piece of evidence that claims nothing yet. `registration` is a primary key."""

    uuid: UUID
    number: int
    title: str
    registration: int


def piece_without_claims(user: User, registrations: Collection[int]) -> UnclaimedPiece | None:
    """The person's latest piece in these portfolios that claims nothing yet."""
    return next((UnclaimedPiece._make(row) for row in _latest_without_claims(user.pk, registrations)), None)


@prepared
def _latest_without_claims(user: int, registrations: Collection[int]) -> QuerySet[Evidence, tuple[Any, ...]]:
    said = Claim.objects.filter(evidence=OuterRef("pk"), withdrawn_at__isnull=True)
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    pieces = Evidence.objects.kept().filter(~Exists(said), author=user, registration__pk__in=registrations)
    in_order = pieces.order_by("-added_at", "-pk")
    return in_order.values_list("uuid", "number", Subquery(latest.values("title")[:1]), "registration")[:1]
