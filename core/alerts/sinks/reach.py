"""A connection to a host that the operator permits, and to no other, with an end.

The name is resolved once, every address that it has is judged, and the connection goes to a judged address:
a name that resolves to another one a moment later changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NEVER = tuple(
    ipaddress.ip_address(text)
    for text in ("169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254")
)
"""Where clouds hand out a machine's own credentials; no list permits them."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
MOST_ADDRESSES = 4
TICK = 0.02


class SinkFailure(Exception):
    """A sink did not take what was sent; the words quote nothing of an answer and no secret.

    Attributes:
        others_may_do: whether it refused this one only, so that the next may be tried at once.
    """

    def __init__(self, words: str, others_may_do: bool = False) -> None:
        super().__init__(words)
        self.others_may_do = others_may_do


@dataclass
class Call:
    """An open connection, which is cut off at a time (of the monotonic clock, in seconds)."""

    socket: socket.socket
    until: float

    @property
    def expired(self) -> bool:
        """Whether its time was over."""
        return time.monotonic() >= self.until - TICK


@contextmanager
def reached(host: str, port: int, hosts: Sequence[str], seconds: float) -> Iterator[Call]:
    """A connection that is cut off after so many seconds, however busy it is.

    Args:
        host: as the settings name it.
        hosts: what may be reached; as in ``Sinks``.

    Raises:
        SinkFailure: when the host is not permitted, is not found, or does not answer; for whatever fails
            within the block, too, in words.
    """
    until = time.monotonic() + seconds
    call = Call(_connected(host, port, _addresses(host, port, hosts), until), until)
    # Another handle of the same connection: encryption takes the first one over.
    twin = call.socket.dup()

    def cut() -> None:
        try:
            twin.shutdown(socket.SHUT_RDWR)
        except OSError:
            twin.close()

    clock = threading.Timer(max(0.0, until - time.monotonic()), cut)
    clock.daemon = True
    clock.start()
    try:
        yield call
    except ssl.SSLCertVerificationError as error:
        raise SinkFailure(f"{host} could not prove that it is {host}: {error.verify_message}.") from error
    except OSError as error:
        if call.expired or isinstance(error, TimeoutError):
            raise SinkFailure(f"{host} did not answer within {seconds:g} seconds.") from error
        raise SinkFailure(f"The connection to {host} failed ({type(error).__name__}).") from error
    finally:
        clock.cancel()
        twin.close()
        call.socket.close()


def encrypted() -> ssl.SSLContext:
    """What encrypts: certificates are checked against those that the system trusts."""
    return ssl.create_default_context()


def secret(name: str | None, secrets: Mapping[str, str]) -> str:
    """The value of a variable of the environment.

    Raises:
        SinkFailure: when it is not set.
    """
    value = secrets.get(name or "", "").strip()
    if not value:
        raise SinkFailure(f"The variable {name} is not set where this runs.")
    return value


def on_this_machine(host: str) -> bool:
    """Whether a host as written is this machine, so that what is sent leaves it nowhere."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refusal(host: str, address: Address, hosts: Sequence[str]) -> str:
    """Why an address of a host must not be reached, or an empty text.

    A public one needs its name on the list; one that is not public (this machine, a private network, a link)
    needs to be there itself, alone or in a network. Addresses that carry another one are judged by both.
    """
    for one in (address, *_carried(address)):
        if one in NEVER:
            return f"{host} leads to {address}, where a cloud keeps its credentials: that is never reached."
        if one.is_multicast or one.is_unspecified:
            return f"{host} leads to {address}, which is no address of a machine."
        if not one.is_global and not _in_networks(str(one), hosts):
            return f"{host} leads to {address}, which is not public; it must be listed in hosts itself."
    return ""


def _in_networks(host: str, hosts: Sequence[str]) -> bool:
    """Whether a host is an address of one of the networks in the list."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(one) for one in hosts if _is_network(one))


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def _carried(address: Address) -> tuple[Address, ...]:
    """The IPv4 addresses within an IPv6 address."""
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    within: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        within.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in within if one is not None)


def _addresses(host: str, port: int, hosts: Sequence[str]) -> list[Address]:
    name = host.lower().rstrip(".")
    if name not in hosts and not _in_networks(name, hosts):
        raise SinkFailure(f"{host} is not in the list of hosts that may be reached.")
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SinkFailure(f"No address was found for {host}.") from error
    texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
    addresses = [ipaddress.ip_address(text) for text in texts]
    for address in addresses:
        if why := refusal(host, address, hosts):
            raise SinkFailure(why)
    return addresses[:MOST_ADDRESSES]


def _connected(host: str, port: int, addresses: Sequence[Address], until: float) -> socket.socket:
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            return socket.create_connection((str(address), port), timeout=left)
        except OSError:
            continue
    raise SinkFailure(f"{host} could not be connected to at port {port}.")
