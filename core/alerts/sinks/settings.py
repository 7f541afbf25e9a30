"""Where alerts go, as the operator says in a file that FOLDLINE_ALERTS names; nowhere without one."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationError

from core.alerts.alert import Severity
from core.data.table import Frozen
from core.errors import FoldlineError

VARIABLE = "FOLDLINE_ALERTS"
MOST_BYTES = 100_000
CHECK = "Correct the file that FOLDLINE_ALERTS names; the README shows one."
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,250}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}", re.ASCII)
_SECRET = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_HIDDEN = re.compile(r"[\x00-\x20\x7f-\xff]")


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise ValueError("this is no plain mail address")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text) or (":" in text and not _is_ipv6(text)):
        raise ValueError("this is no name or address of a host")
    return text.lower().rstrip(".")


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def _permitted(text: str) -> str:
    """A name, or an address or network in its usual form."""
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        return _host(text)


def _variable(text: str) -> str:
    if not _SECRET.fullmatch(text):
        raise ValueError("this is no name of a variable; the secret itself belongs into the environment")
    return text


def _url(text: str) -> str:
    split_url(text)
    return text


Host = Annotated[str, AfterValidator(_host)]
MailAddress = Annotated[str, AfterValidator(_address)]
Variable = Annotated[str, AfterValidator(_variable)]


class _Sink(Frozen):
    """What sinks share: ``least`` is the least severity that is sent."""

    least: Severity = "warn"


class FileSink(_Sink):
    """JSON lines at the end of a file; a relative path is taken from the folder of the settings."""

    type: Literal["file"]
    path: Path


class WebhookSink(_Sink):
    """One POST an alert.

    Attributes:
        url, url_from: the address, or the variable of the environment that holds it; one of the two.
        key_from: the variable that holds the key that is sent as a bearer token.
    """

    type: Literal["webhook"]
    url: Annotated[str, AfterValidator(_url)] | None = None
    url_from: Variable | None = None
    key_from: Variable | None = None


class MailSink(_Sink):
    """One mail a round.

    Attributes:
        security: ``starttls``, ``tls`` from the start, or ``none``.
        user, password_from: name at the server, and the variable that holds its password.
    """

    type: Literal["mail"]
    host: Host
    port: int = Field(587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: MailAddress
    to: tuple[MailAddress, ...] = Field(min_length=1, max_length=50)
    user: str = ""
    password_from: Variable | None = None


Sink = Annotated[FileSink | WebhookSink | MailSink, Field(discriminator="type")]


class Sinks(Frozen):
    """All sinks.

    Attributes:
        hosts: the names that may be reached, and the addresses and networks that are not public and may be.
        sinks: name -> sink, in the order of the file.
    """

    hosts: tuple[Annotated[str, AfterValidator(_permitted)], ...] = ()
    sinks: dict[Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,40}$")], Sink] = {}

    @property
    def least(self) -> dict[str, Severity]:
        """Name of each sink -> the least severity that it takes."""
        return {name: sink.least for name, sink in self.sinks.items()}


def sinks_from(environment: Mapping[str, str] = os.environ) -> Sinks:
    """The sinks that the operator has set up; none without FOLDLINE_ALERTS.

    Raises:
        FoldlineError: ``ALERTS`` when the file is not there, too large, neither TOML nor JSON (by its
            ending), or says what cannot be. No value of the file is quoted.
    """
    name = environment.get(VARIABLE, "")
    if not name:
        return Sinks()
    path = Path(name).absolute()
    sinks = _parsed(_facts(path), path)
    at_home = {
        name: one.model_copy(update={"path": path.parent / one.path}) if isinstance(one, FileSink) else one
        for name, one in sinks.sinks.items()
    }
    return sinks.model_copy(update={"sinks": at_home})


def split_url(text: str) -> SplitResult:
    """The parts of a web address that alerts may be sent to.

    Raises:
        ValueError: when it is no plain http or https address, without quoting it.
    """
    if len(text) > 2_000 or _HIDDEN.search(text) or not text.isascii():
        raise ValueError("the address is too long, or holds blanks or hidden characters")
    try:
        parts = urlsplit(text)
        known = parts.port != 0 and bool(parts.hostname)
    except ValueError:
        raise ValueError("this is no web address") from None
    if parts.scheme not in ("http", "https") or not known or "@" in parts.netloc or parts.fragment:
        raise ValueError("only addresses such as https://host/path are taken, without a user and without #")
    _host(parts.hostname or "")
    return parts


def _facts(path: Path) -> Any:
    try:
        with path.open("rb") as handle:
            data = handle.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _wrong(path, f"it is larger than {MOST_BYTES:,} bytes")
        text = data.decode()
        return json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as error:
        raise _wrong(path, f"it could not be read ({error.strerror})") from error
    except ValueError as error:
        kind = "JSON" if path.suffix == ".json" else "TOML"
        raise _wrong(path, f"it is no {kind}") from error


def _parsed(facts: Any, path: Path) -> Sinks:
    try:
        sinks = Sinks.model_validate(facts)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise _wrong(path, f"{place}: {first['msg']}") from None
    for name, sink in sinks.sinks.items():
        if isinstance(sink, WebhookSink) and (sink.url is None) == (sink.url_from is None):
            raise _wrong(path, f"sinks.{name} needs one of url and url_from")
        if isinstance(sink, MailSink) and bool(sink.user) != (sink.password_from is not None):
            raise _wrong(path, f"sinks.{name} needs both user and password_from, or neither")
    return sinks


def _wrong(path: Path, why: str) -> FoldlineError:
    return FoldlineError("ALERTS", f"{path.name} does not say where alerts go: {why}.", CHECK, str(path))
