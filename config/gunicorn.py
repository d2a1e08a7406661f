"""How the web server runs. With threads, because nothing in front of it may buffer slow uploads."""

import logging
import os
import socket
import struct
from typing import Any

SILENT_AT_MOST = 60  # seconds in which a client sends nothing of what it began: a phone out of reach, say

_host = os.environ["HOST"].strip("[]")
bind = f"[{_host}]:{os.environ['PORT']}" if ":" in _host else f"{_host}:{os.environ['PORT']}"  # brackets for IPv6
if os.environ.get("TRUSTED_PROXIES", "").strip() in {"", "0"}:  # everybody comes with an address of their own
    worker_class = "config.fair_threads.FairThreads"
    threads = 16  # of which one address has eight
else:
    worker_class = "gthread"
    threads = 8
workers = 2
preload_app = True  # the application is read once, then shared by the workers
control_socket_disable = True  # otherwise all instances would share one file in the home folder
worker_tmp_dir = os.path.join(os.environ["DATA_DIR"], "run")  # noqa: PTH118 - gunicorn wants a string
timeout = 60  # a worker that gives no sign of life for so many seconds is replaced
graceful_timeout = 5  # a worker that is told to stop has so many seconds to finish its requests
keepalive = 5
loglevel = "warning"  # our own middleware logs each request


def when_ready(server: Any) -> None:
    """Free the thread of a client that has fallen silent: connections inherit these timeouts from the listener."""
    logging.getLogger("gunicorn.error").addFilter(_is_no_silence)
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENT_AT_MOST, 0))
        listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_AT_MOST * 1000)


def _is_no_silence(record: logging.LogRecord) -> bool:
    """Whether it is no client that took nothing any more, as a player does whose film is stopped."""
    return not (record.exc_info and isinstance(record.exc_info[1], TimeoutError))
