"""Servers on this machine that alerts are sent to: some take them, some misbehave."""

from __future__ import annotations

import base64
import json
import socket
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"


class WebReceiver(ThreadingHTTPServer):
    """A web server that keeps what it is sent; the path says how it answers."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((HERE, 0), _Web)
        self.got: list[tuple[str, dict[str, str], Any]] = []
        self.status, self.stop = 204, threading.Event()
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def url(self, path: str = "/") -> str:
        secure = isinstance(self.socket, ssl.SSLSocket)
        return f"{'https' if secure else 'http'}://{HERE}:{self.server_port}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is no news here."""


class _Web(BaseHTTPRequestHandler):
    server: WebReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), json.loads(body)))
        getattr(self, f"_{self.path.strip('/').partition('?')[0]}", self._answer)()

    def do_GET(self) -> None:
        self.server.got.append((self.path, {}, "GET"))
        self._answer()

    def _answer(self) -> None:
        self.send_response(self.server.status)
        self.end_headers()

    def _redirect(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.server.url("/elsewhere"))
        self.end_headers()

    def _hang(self) -> None:
        self.server.stop.wait(20)

    def _close(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _garbage(self) -> None:
        self.wfile.write(b"\x00\xff not http at all\r\n\r\n" * 50)

    def _drip(self) -> None:
        """An answer that never ends, a little at a time."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.server.stop.wait(0.05):
            self.wfile.write(b"X: y\r\n" if self.path == "/drip" else b"z")

    def _endless(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.server.stop.is_set():
            self.wfile.write(b"z" * 10_000)

    def _flood(self) -> None:
        """A body without an end, which nobody needs to read."""
        self.send_response(200)
        self.end_headers()
        while not self.server.stop.is_set():
            self.wfile.write(b"z" * 100_000)

    def log_message(self, *arguments: Any) -> None:
        pass


class MailReceiver(socketserver.ThreadingTCPServer):
    """A mail server that speaks as much SMTP as a client needs, and keeps the mails that it takes.

    Attributes:
        way: how it misbehaves, or empty.
        refused: recipients that it does not take.
        password: what AUTH PLAIN must give, or empty when it asks for none.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, way: str = "", tls: ssl.SSLContext | None = None, password: str = "") -> None:
        super().__init__((HERE, 0), _Mail)
        self.way, self.tls, self.password = way, tls, password
        self.refused: set[str] = set()
        self.mails: list[bytes] = []
        self.lines: list[str] = []
        self.stop = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is no news here."""


class _Mail(socketserver.StreamRequestHandler):
    server: MailReceiver

    def handle(self) -> None:
        way = self.server.way
        if way == "tls":
            self._encrypt()
        self._tire(way)
        self._say("554 no" if way == "unwilling" else "220 ready")
        while line := self.rfile.readline().decode("ascii").strip():
            self.server.lines.append(line)
            word = line.upper().split()[0]
            if word == "AUTH":
                given = base64.b64decode(line.split()[2]).decode().split("\0")[2]
                self._say("235 welcome" if given == self.server.password else "535 wrong, you gave " + given)
            elif word == "STARTTLS":
                self._say("220 go on")
                self._encrypt()
            elif not self._mail(word, line):
                return

    def _tire(self, way: str) -> None:
        """Says nothing, or very much, before the greeting."""
        if way == "hang":
            self.server.stop.wait(20)
        while way == "drip" and not self.server.stop.wait(0.05):
            self._say("220-still here")
        while way == "endless" and not self.server.stop.is_set():
            self.wfile.write(b"220-more\r\n" * 1_000)

    def _mail(self, word: str, line: str) -> bool:
        way, server = self.server.way, self.server
        if word == "EHLO":
            offers = ["AUTH PLAIN"] if server.password else []
            offers += ["STARTTLS"] if server.tls and way != "tls" and not self._encrypted else []
            for offer in ("hello", *offers):
                self._say(f"250-{offer}")
            self._say("250 SIZE 10000000")
        elif word == "RCPT":
            refused = any(f"<{one}>" in line for one in server.refused)
            self._say("550 nobody here" if refused else "250 ok")
        elif word == "DATA":
            if way == "close":
                self.connection.shutdown(socket.SHUT_RDWR)
                return False
            self._say("354 go on")
            text = b""
            while (part := self.rfile.readline()) != b".\r\n":
                text += part[1:] if part.startswith(b"..") else part
            server.mails.append(text)
            self._say("451 later" if way == "later" else "250 taken")
            if way == "rude":
                return False
        else:
            self._say("250 ok")
        return True

    @property
    def _encrypted(self) -> bool:
        return isinstance(self.connection, ssl.SSLSocket)

    def _encrypt(self) -> None:
        assert self.server.tls is not None
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    """The server, answering until the block ends."""
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        server.stop.set()
        server.shutdown()
        server.server_close()


def certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file, that nobody trusts unless told to."""
    pem, key = folder / "own.pem", folder / "own.key"
    subject = ["-subj", "/CN=own", "-addext", f"subjectAltName=IP:{HERE}"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    made += ["-keyout", str(key), "-out", str(pem), "-days", "2", *subject]
    subprocess.run(made, check=True, capture_output=True, timeout=30)
    pem.write_text(pem.read_text() + key.read_text())
    return pem


def server_context(pem: Path) -> ssl.SSLContext:
    """What a server encrypts with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.socket() as one:
        one.bind((HERE, 0))
        return int(one.getsockname()[1])
