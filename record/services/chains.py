"""Finds the chain of the site, locks chains in a fixed order, and says how far each has come."""

from typing import Any

from django.db import connection
from django.db.models import Case, Value, When

from record.models import Chain, ChainKind

# Whoever writes to several chains, or reads several heads, locks them in this order, after all rows. Otherwise two
# that each held one and wanted the other's would wait for each other for ever.
ORDER = (ChainKind.SITE, ChainKind.CENTRE, ChainKind.PORTFOLIO)


def site_chain() -> Chain:
    """Return the chain of the site; the first call makes it. Two calls at the same time get the same chain."""
    chain, _ = Chain.objects.get_or_create(kind=ChainKind.SITE)
    return chain


def chains_lock(*chains: Chain) -> list[Chain]:
    """Lock `chains` until the transaction ends; return them as they are now, in the order site, centre, portfolio.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Chains are locked in the transaction that writes to them.")
    place = Case(*(When(kind=kind, then=Value(rank)) for rank, kind in enumerate(ORDER)))
    locked = Chain.objects.select_for_update(no_key=True).filter(pk__in=[chain.pk for chain in chains])
    return list(locked.order_by(place, "pk"))


def head_of(chain: Chain) -> dict[str, Any]:
    """Return how far a locked chain has come, for a document: its uuid, its length, and the digest of its last event.

    The digest of an empty chain is 64 zeros.
    """
    return {"chain": str(chain.uuid), "length": chain.length, "head": chain.head}


def heads_for_document(*, centre: Chain, portfolio: Chain) -> dict[str, dict[str, Any]]:
    """Lock the site's chain and these two, and return their heads as a signed document holds them."""
    return {str(chain.kind): head_of(chain) for chain in chains_lock(site_chain(), centre, portfolio)}
