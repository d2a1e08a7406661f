"""The web server listens where it is told to, and does not wait for ever for somebody who has gone."""

import importlib
import runpy
import socket
from types import SimpleNamespace

import pytest
from gunicorn.util import parse_address  # type: ignore[import-untyped]


@pytest.mark.parametrize(
    ("host", "address"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "::1"), ("[::1]", "::1"), ("::", "::")],
)
def test_it_listens_at_an_address_of_either_kind(monkeypatch, settings, host, address):
    for name, value in {"HOST": host, "PORT": "8123", "DATA_DIR": str(settings.DATA_DIR)}.items():
        monkeypatch.setenv(name, value)
    bind = runpy.run_module("config.gunicorn")["bind"]
    assert parse_address(bind) == (address, 8123)


def test_a_client_that_falls_silent_gives_its_thread_back(monkeypatch, settings):
    for name, value in {"HOST": "127.0.0.1", "PORT": "0", "DATA_DIR": str(settings.DATA_DIR)}.items():
        monkeypatch.setenv(name, value)
    gunicorn = importlib.import_module("config.gunicorn")
    monkeypatch.setattr(gunicorn, "SILENT_AT_MOST", 1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        gunicorn.when_ready(SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)]))
        with socket.create_connection(listener.getsockname()):
            connection, _ = listener.accept()
            with connection:
                connection.setblocking(True)
                with pytest.raises(BlockingIOError):
                    connection.recv(1)
                with pytest.raises(TimeoutError):
                    connection.sendall(b"a" * 50_000_000)  # and it takes nothing
