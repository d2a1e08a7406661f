"""An operator tries the mail settings with Django's own command."""

import socketserver
import threading
from collections.abc import Iterator

import pytest
from django.core.management import call_command

from config.environment import email_settings, read_environment


class _MailServer(socketserver.StreamRequestHandler):
    """Takes one message as a mail server does, and keeps it in `server.received`."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            match line[:4].upper():
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    message = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        message += part
                    self.server.received.append(message.decode())  # type: ignore[attr-defined]
                    self.wfile.write(b"250 taken\r\n")
                case _:
                    self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def mail_server() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), _MailServer) as server:
        server.received = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_sendtestemail_reaches_the_server_that_email_url_names(mail_server, settings):
    url = f"smtp://127.0.0.1:{mail_server.server_address[1]}"
    for name, value in email_settings(read_environment({"EMAIL_URL": url})).items():
        setattr(settings, name, value)

    call_command("sendtestemail", "operator@example.org")

    assert "To: operator@example.org" in mail_server.received[0]
    assert f"From: {settings.DEFAULT_FROM_EMAIL}" in mail_server.received[0]


def test_sendtestemail_writes_a_file_where_there_is_no_server(settings, tmp_path):
    for name, value in email_settings(read_environment({"DATA_DIR": str(tmp_path)})).items():
        setattr(settings, name, value)

    call_command("sendtestemail", "operator@example.org")

    (message,) = (tmp_path / "outbox").iterdir()
    assert "To: operator@example.org" in message.read_text(encoding="utf-8")
