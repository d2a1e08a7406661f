"""Shares the threads of a web server process among the addresses that ask, where no web server stands before it.

A client that sends or takes a byte at a time keeps a thread for as long as it likes. So an address has a thread more
only while it holds fewer than are left for others: of 16 threads eight, the next address four, then two, then one. By
the same rule it holds connections. What it asks for beyond waits for one of its own to end, and holds up nobody else.
"""

import time
from collections import Counter, deque
from concurrent.futures import Future
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network
from selectors import EVENT_READ
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]


class FairThreads(ThreadWorker):
    """Gunicorn's process with threads. All that is overridden runs in its main loop, so it needs no lock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open: list[TConn] = []
        self.held = Counter[str]()  # threads, by address
        self.waiting: dict[str, deque[TConn]] = {}  # whose request has begun to arrive, by address

    def enqueue_req(self, conn: TConn) -> None:
        """Give the connection a thread, once something has come of its request and its address may have one."""
        if not conn.initialized and not conn.data_ready:
            self._begin(conn)
        else:
            self.waiting.setdefault(address_of(conn), deque()).append(conn)
            self._hand_out()

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Take the thread back, and give it to whoever holds fewest."""
        self.held[address_of(conn)] -= 1
        self.held += Counter()  # forgets addresses without any
        super().finish_request(conn, fs)
        self._hand_out()

    def _begin(self, conn: TConn) -> None:
        """Wait, without a thread, for the first bytes of a new connection; close it where its address has too many."""
        self.open = [one for one in self.open if one.sock.fileno() >= 0]
        theirs = sum(address_of(one) == address_of(conn) for one in self.open)
        if theirs >= self.worker_connections - self.nr_conns:
            self.nr_conns -= 1
            conn.close()
            return
        self.open.append(conn)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def _hand_out(self) -> None:
        while self.waiting:
            address = min(self.waiting, key=self.held.__getitem__)
            if self.held[address] >= self.cfg.threads - self.held.total():
                return
            conn = self.waiting[address].popleft()
            if not self.waiting[address]:
                del self.waiting[address]
            self.held[address] += 1
            super().enqueue_req(conn)


def address_of(conn: TConn) -> str:
    """Whom a connection comes from: an address, or for IPv6 the network in which a device chooses its own."""
    address = ip_address(conn.client[0].partition("%")[0])
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    return str(ip_network((address, 64), strict=False) if isinstance(address, IPv6Address) else address)
