"""One alert to a web address: a POST of its JSON, no redirect followed, the answer's text not read."""

from __future__ import annotations

import http.client
from collections.abc import Mapping, Sequence
from urllib.parse import SplitResult

from core.alerts.alert import Alert
from core.alerts.sinks.reach import SinkFailure, encrypted, on_this_machine, reached, secret
from core.alerts.sinks.settings import WebhookSink, split_url

TRY_AGAIN = (408, 425, 429)


def post(
    alert: Alert, sink: WebhookSink, hosts: Sequence[str], secrets: Mapping[str, str], seconds: float
) -> None:
    """Sends one alert; done when the answer is 2xx.

    The header ``Idempotency-Key`` is the id of the alert, which stays the same when it is sent again.

    Args:
        hosts: what may be reached.
        secrets: the environment.

    Raises:
        SinkFailure: for any other answer, or none.
    """
    parts = _target(sink, secrets)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": alert.id,
        "User-Agent": "Foldline",
        "Connection": "close",
        **_authorization(sink, secrets, secure or on_this_machine(host)),
    }
    port = parts.port or (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with reached(host, port, hosts, seconds) as call:
        if secure:
            call.socket = encrypted().wrap_socket(call.socket, server_hostname=host)
        line = http.client.HTTPConnection(host, port, timeout=seconds)
        line.sock = call.socket
        if secure:
            line.default_port = 443
        status = _status(line, path, alert, headers)
        if call.expired:  # an answer that was cut off is none
            raise TimeoutError
    if not 200 <= status < 300:
        why = ", a redirect, which is not followed" if 300 <= status < 400 else ""
        refused = 400 <= status < 500 and status not in TRY_AGAIN
        raise SinkFailure(f"{host} answered {status}{why}.", others_may_do=refused)


def _status(line: http.client.HTTPConnection, path: str, alert: Alert, headers: Mapping[str, str]) -> int:
    try:
        line.request("POST", path, alert.line().encode(), dict(headers))
        return line.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError("no answer in HTTP") from error


def _target(sink: WebhookSink, secrets: Mapping[str, str]) -> SplitResult:
    if sink.url is not None:
        return split_url(sink.url)
    try:
        return split_url(secret(sink.url_from, secrets))
    except ValueError as error:
        raise SinkFailure(f"{sink.url_from} holds no web address that alerts can be sent to.") from error


def _authorization(sink: WebhookSink, secrets: Mapping[str, str], is_safe: bool) -> dict[str, str]:
    if sink.key_from is None:
        return {}
    if not is_safe:
        raise SinkFailure("The key would be sent in the open: the address must begin with https.")
    key = secret(sink.key_from, secrets)
    if not (key.isascii() and key.isprintable()):
        raise SinkFailure(f"{sink.key_from} holds what cannot be sent.")
    return {"Authorization": f"Bearer {key}"}
