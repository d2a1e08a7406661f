"""The latest evidence of a candidate that claims nothing yet."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from centres.models import User
from portfolio.models import (
    Claim,
    Evidence,
    EvidenceVersion,
)


class UnclaimedPiece(NamedTuple):
    """A piece of evidence that claims nothing yet. `registration` is a primary key."""

    uuid: UUID
    number: int
    title: str
    registration: int


def piece_without_claims(user: User, registrations: Collection[int]) -> UnclaimedPiece | None:
    """The person's latest piece in these portfolios that claims nothing yet."""
    said = Claim.objects.filter(evidence=OuterRef("pk"), withdrawn_at__isnull=True)
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number")
    pieces = (
        Evidence.objects.kept()
        .filter(~Exists(said), author=user.pk, registration__in=registrations)
        .order_by("-added_at", "-pk")
        .values_list("uuid", "number", Subquery(latest.values("title")[:1]), "registration")
    )
    return next((UnclaimedPiece._make(row) for row in pieces[:1]), None)
