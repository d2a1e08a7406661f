"""On SQLite, who waits to write comes before somebody who writes again and again."""

import threading
import time

import pytest
from django.db import connection, transaction

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL locks rows, and has a queue for each"),
]

HELD = 0.1  # seconds for which each transaction of the other holds the database


def test_whoever_waits_writes_after_the_present_transaction_of_one_who_goes_on_and_on():
    stop = threading.Event()

    def go_on() -> None:
        while not stop.is_set():
            with transaction.atomic():
                time.sleep(HELD)
        connection.close()

    waits = []
    other = threading.Thread(target=go_on)
    other.start()
    try:
        for _ in range(8):
            time.sleep(0.03)
            began = time.monotonic()
            with transaction.atomic():
                waits.append(time.monotonic() - began)
    finally:
        stop.set()
        other.join()
    assert max(waits) < 3 * HELD
