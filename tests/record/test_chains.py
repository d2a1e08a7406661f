"""There is one chain of the site, and whoever needs several chains locks them in one order."""

import pytest
from django.db import transaction

from record.models import Chain, ChainKind
from record.services.chains import chains_lock, head_of, heads_for_document, site_chain
from record.services.events import chain_start, event_add
from tests.at_once import raised_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_the_chain_of_the_site_is_made_once():
    assert site_chain() == site_chain()
    assert Chain.objects.get(kind=ChainKind.SITE) == site_chain()


@pytest.mark.django_db(transaction=True)
def test_two_who_need_it_at_once_end_with_one():
    def begin() -> None:
        with transaction.atomic():
            event_add(chain=site_chain(), kind="centre.opened", actor=None, payload={})

    assert raised_at_once(*[begin] * 6) == []
    assert Chain.objects.get(kind=ChainKind.SITE).length == 6


def test_chains_come_in_the_order_in_which_they_are_locked():
    portfolio, centre = chain_start(), chain_start(ChainKind.CENTRE)
    with transaction.atomic():
        assert chains_lock(portfolio, centre, site_chain()) == [site_chain(), centre, portfolio]


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_locked():
    with pytest.raises(RuntimeError, match="in the transaction that writes to them"):
        chains_lock(chain_start())


@pytest.mark.django_db(transaction=True)
def test_those_who_lock_the_same_chains_in_any_order_do_not_wait_for_each_other_for_ever():
    chains = [chain_start(), chain_start(ChainKind.CENTRE), site_chain()]
    turns = iter(range(1000))

    def work() -> None:
        for _ in range(5):
            mine = chains if next(turns) % 2 else list(reversed(chains))
            with transaction.atomic():
                chains_lock(*mine)
                for chain in mine:
                    event_add(chain=chain, kind="claim.added", actor=None, payload={})

    assert raised_at_once(*[work] * 4) == []
    assert [chain.length for chain in Chain.objects.all()] == [20, 20, 20]


def test_heads_are_those_of_the_last_events(five_events):
    centre = chain_start(ChainKind.CENTRE)
    with transaction.atomic():
        heads = heads_for_document(centre=centre, portfolio=five_events)
    assert list(heads) == ["site", "centre", "portfolio"]
    five_events.refresh_from_db()
    assert heads["portfolio"] == head_of(five_events)
    assert heads["portfolio"]["head"] == five_events.events.get(sequence=5).digest
    assert heads["centre"] == {"chain": str(centre.uuid), "length": 0, "head": "0" * 64}
