"""Queries that are put together once, and run with other values."""

import datetime
import threading
import uuid
from collections.abc import Collection
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from record.models import Chain, ChainKind, Event
from record.prepared import LONGEST, prepared
from record.services.events import chain_start, event_add

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def test_it_finds_what_each_value_names_and_what_is_there_by_then(five_events):
    @prepared
    def events_of(chain: int) -> QuerySet[Any, Any]:
        last = Event.objects.filter(chain=OuterRef("chain")).order_by("-sequence").values("kind")[:1]
        return Event.objects.filter(chain=chain).select_related("chain").annotate(last=Subquery(last))

    other = chain_start(ChainKind.PORTFOLIO)
    assert events_of(other.pk) == []
    assert events_of(five_events.pk) == list(five_events.events.all())
    with transaction.atomic():
        event_add(chain=other, kind="letter.returned", actor=None, payload={})
    [event] = events_of(chain=other.pk)
    assert (event.chain, event.last, event.digest) == (other, "letter.returned", event.chain.head)
    assert len(events_of(five_events.pk)) == 5


def test_a_query_runs_each_time_and_is_put_together_once(five_events, django_assert_num_queries):
    built = []

    @prepared
    def kinds(chain: int) -> QuerySet[Event, str]:
        built.append(chain)
        return Event.objects.filter(chain=chain).values_list("kind", flat=True)

    with django_assert_num_queries(3):
        assert [len(kinds(pk)) for pk in (five_events.pk, 0, five_events.pk)] == [5, 0, 5]
    assert len(built) == 1


@pytest.mark.parametrize("length", [0, 1, 2, 3, LONGEST, LONGEST + 1])
def test_a_list_may_have_any_length(chain, length):
    @prepared
    def chains(pks: Collection[int], uuids: Collection[uuid.UUID]) -> QuerySet[Chain, Chain]:
        return Chain.objects.filter(pk__in=pks, uuid__in=uuids)

    others = [uuid.uuid4() for _ in range(length - 1)]
    assert chains({chain.pk}, [chain.uuid, *others][:length]) == [chain][:length]


def test_it_takes_uuids_and_moments_as_the_database_keeps_them(five_events):
    @prepared
    def since(chain: uuid.UUID, at: datetime.datetime) -> QuerySet[Event, Event]:
        return Event.objects.filter(chain__uuid=chain, happened_at__gte=at)

    last = five_events.events.last()
    assert since(five_events.uuid, last.happened_at) == [last]
    assert since(five_events.uuid, last.happened_at + datetime.timedelta(microseconds=1)) == []


def test_it_keeps_no_moment_for_ever():
    @prepared
    def by_now(chain: int) -> QuerySet[Event, Event]:
        return Event.objects.filter(chain=chain, happened_at__lte=timezone.now())

    with pytest.raises(TypeError, match="by_now has to be given the moment"):
        by_now(1)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_by_its_own_connection(chain):
    @prepared
    def uuids(pk: int) -> QuerySet[Chain, uuid.UUID]:
        return Chain.objects.filter(pk=pk).values_list("uuid", flat=True)

    found = uuids(chain.pk)

    def ask() -> None:
        found.extend(uuids(chain.pk))
        connection.close()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        thread.start()
        thread.join()
        assert uuids(chain.pk) * 2 == found
