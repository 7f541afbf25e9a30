"""The alerts of a round as one mail: words for people, and the same objects as an attachment."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as MAIL_LINES
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

from core.alerts.alert import RANKS, Alert, Severity
from core.alerts.ledger import moment
from core.alerts.sinks.reach import SinkFailure, encrypted, on_this_machine, reached, secret
from core.alerts.sinks.settings import MailSink
from core.standalone.counts import counted
from core.visible import visible

SUBJECT_CHARS = 150
MOST_ANSWER_BYTES = 1_000_000
READY = 220
DIGITS = 32
WORDS: Mapping[Severity, str] = {"critical": "critical", "warn": "warning", "info": "for information"}


def send_mail(
    alerts: Sequence[Alert],
    sink: MailSink,
    hosts: Sequence[str],
    secrets: Mapping[str, str],
    seconds: float,
) -> str:
    """Sends one mail with all these alerts.

    Args:
        hosts: what may be reached.
        secrets: the environment.

    Returns:
        Words about recipients that the server refused while it took others; empty when it took all.

    Raises:
        SinkFailure: when the server did not take the mail.
    """
    password = _password(sink, secrets)
    with reached(sink.host, sink.port, hosts, seconds) as call:
        server = _Server(sink, call.socket, seconds)
        try:
            server.greeted()
            if sink.security == "starttls":
                server.starttls(context=encrypted())
            if password:
                server.login(sink.user, password)
            refused = server.send_message(mail(alerts, sink), sink.sender, sink.to)
            with suppress(OSError):  # it has the mail
                server.putcmd("quit")
        except smtplib.SMTPException as error:
            raise _failure(sink, error, call.expired, seconds) from error
        finally:
            server.close()
    return f"{len(refused)} of {counted(len(sink.to), 'recipient')} were refused." if refused else ""


def mail(alerts: Sequence[Alert], sink: MailSink) -> EmailMessage:
    """The mail; its id is made of those of the alerts, so that the same ones give the same mail."""
    message = EmailMessage(policy=MAIL_LINES)
    domain = sink.sender.rpartition("@")[2]
    ids = sha256(" ".join(alert.id for alert in alerts).encode()).hexdigest()[:DIGITS]
    message["Subject"] = visible(_subject(alerts), SUBJECT_CHARS)
    message["From"] = sink.sender
    message["To"] = ", ".join(sink.to)
    message["Date"] = format_datetime(moment(alerts[-1].ts))
    message["Message-ID"] = f"<{ids}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join(map(_words, alerts)) + "\n")
    lines = "".join(f"{alert.line()}\n" for alert in alerts).encode()
    message.add_attachment(lines, maintype="application", subtype="jsonl", filename="alerts.jsonl")
    return message


def _subject(alerts: Sequence[Alert]) -> str:
    lasting = [alert for alert in alerts if alert.state != "resolved"]
    worst = max(lasting or alerts, key=lambda alert: RANKS[alert.severity])
    if not lasting and len(alerts) > 1:
        return f"[Foldline] {len(alerts)} alerts of {worst.name} are resolved"
    if len(alerts) > 1:
        return f"[Foldline] {len(alerts)} alerts of {worst.name}, the worst: {WORDS[worst.severity]}"
    state = "resolved" if worst.state == "resolved" else WORDS[worst.severity]
    return f"[Foldline] {state}: {worst.name}: {worst.message_plain}"


def _words(alert: Alert) -> str:
    window = alert.window
    when = f", {window.start} to {window.end}" if window.start else ""
    state = "Resolved" if alert.state == "resolved" else WORDS[alert.severity].capitalize()
    return "\n".join(
        (
            f"{state}: {alert.message_plain}",
            alert.suggested_action,
            f"Deployment {alert.name}, model {alert.version}, batch {window.batch} "
            f"({counted(window.n, 'row')}, {window.n_labelled:,} labelled{when}).",
            f"Raised {alert.ts}; id {alert.id}, of the matter {alert.dedupe_key}.",
        )
    )


def _password(sink: MailSink, secrets: Mapping[str, str]) -> str:
    if sink.password_from is None:
        return ""
    if sink.security == "none" and not on_this_machine(sink.host):
        raise SinkFailure("The password would be sent in the open: security must be starttls or tls.")
    return secret(sink.password_from, secrets)


def _failure(sink: MailSink, error: Exception, expired: bool, seconds: float) -> SinkFailure:
    """What went wrong, with the code of the answer at most."""
    if expired:
        return SinkFailure(f"{sink.host} did not answer within {seconds:g} seconds.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return SinkFailure(f"{sink.host} refused every recipient.")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SinkFailure(f"{sink.host} does not offer what the settings ask for ({sink.security}, login).")
    if isinstance(error, smtplib.SMTPResponseException):
        return SinkFailure(f"{sink.host} answered {error.smtp_code}.")
    return SinkFailure(f"{sink.host} ended the connection early.")


class _Server(smtplib.SMTP):
    """A mail server at the end of a connection that is there already.

    It is greeted by the domain of the sender, so that the name of this machine is not told, and its answers
    end after ``MOST_ANSWER_BYTES``.
    """

    def __init__(self, sink: MailSink, line: socket.socket, seconds: float) -> None:
        self._line = line
        self._tls = sink.security == "tls"
        super().__init__(local_hostname=sink.sender.rpartition("@")[2], timeout=seconds)
        self._host = sink.host  # whose certificate is asked for

    def greeted(self) -> None:
        """Waits until the server says that it is there."""
        code, words = self.connect(self._host)
        if code != READY:
            raise smtplib.SMTPConnectError(code, words)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if self._tls:
            return encrypted().wrap_socket(self._line, server_hostname=host)
        return self._line

    def getreply(self) -> tuple[int, bytes]:
        """The next answer."""
        if self.file is None and self.sock is not None:
            self.file: Any = _Bounded(self.sock.makefile("rb"))
        return super().getreply()


class _Bounded:
    """The lines of a stream, which ends after so many bytes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = MOST_ANSWER_BYTES

    def readline(self, size: int) -> bytes:
        """The next line, of at most that many bytes; none when the stream is over."""
        line: bytes = self._stream.readline(min(size, self._left))
        self._left -= len(line)
        return line

    def close(self) -> None:
        """Closes the stream."""
        self._stream.close()
