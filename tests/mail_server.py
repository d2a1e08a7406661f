"""A mail server on this machine, which takes what it is sent, or refuses whom it is told to refuse."""

import contextlib
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from config.environment import email_settings, read_environment


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it was sent in `received`; refuses those in `refused` with their code; is silent for `slow_for`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.received: list[str] = []
        self.refused: dict[str, int] = {}
        self.slow_for = 0.0  # seconds, before each greeting

    @property
    def settings(self) -> dict[str, object]:
        """The settings with which Django sends to it."""
        url = f"smtp://127.0.0.1:{self.server_address[1]}"
        return email_settings(read_environment({"EMAIL_URL": url}))


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        time.sleep(self.server.slow_for)
        with contextlib.suppress(ConnectionError):  # nobody waited
            self._talk()

    def _talk(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            match line[:4].upper():
                case b"QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                case b"RCPT" if codes := [code for one, code in self.server.refused.items() if one in line.decode()]:
                    self.wfile.write(f"{codes[0]} not now\r\n".encode())
                case b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    message = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        message += part
                    self.server.received.append(message.decode())
                    self.wfile.write(b"250 taken\r\n")
                case _:
                    self.wfile.write(b"250 fine\r\n")


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Run one until the end of the block."""
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
