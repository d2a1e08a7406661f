"""The web server serves others while one address sends slowly, and takes what that address sends in the end."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import free_port

SLOW, OTHER = "127.0.0.1", "127.0.0.2"
FILE = b"a" * 100

APP = """
def application(environ, start_response):
    sent = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(sent)))])
    return [sent]
"""


@pytest.fixture
def port(tmp_path) -> Iterator[int]:
    """A web server with the settings of ours and an application that sends back what it is sent."""
    (tmp_path / "run").mkdir()
    (tmp_path / "echo_app.py").write_text(APP)
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "HOST": SLOW, "PORT": str(port), "DATA_DIR": str(tmp_path)}
    environment["PYTHONPATH"] = f"{Path.cwd()}{os.pathsep}{tmp_path}"
    command = [sys.executable, "-m", "gunicorn", "--config=python:config.gunicorn", "echo_app"]
    with subprocess.Popen(command, env=environment) as server:
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until:
                try:
                    socket.create_connection((SLOW, port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
            yield port
        finally:
            server.kill()


def begun(port: int, what: bytes) -> socket.socket:
    """Begin a request of the slow address."""
    client = socket.create_connection((SLOW, port), timeout=30, source_address=(SLOW, 0))
    client.sendall(what)
    return client


def seconds_of(port: int, address: str) -> float:
    """How long a request of this address waits for its answer."""
    began = time.monotonic()
    asked = http.client.HTTPConnection(SLOW, port, timeout=10, source_address=(address, 0))
    asked.request("POST", "/", body=b"mine")
    assert asked.getresponse().read() == b"mine"
    asked.close()
    return time.monotonic() - began


@pytest.mark.parametrize(
    "beginning", [b"", b"POST / HTTP/1.1\r\nHost: a\r\n", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"]
)
def test_others_are_served_while_one_address_holds_all_it_may(port, beginning):
    slow = [begun(port, beginning) for _ in range(60)]
    time.sleep(0.3)  # until each of them has what it gets
    assert max(seconds_of(port, OTHER) for _ in range(5)) < 2
    if beginning.endswith(b"\r\n\r\n"):
        for client in slow:  # nothing of it is lost
            client.sendall(FILE)
        answers = [client.makefile("rb").readline() for client in slow]
        assert answers == [b"HTTP/1.1 200 OK\r\n"] * 60
    for client in slow:
        client.close()
    assert seconds_of(port, SLOW) < 2
