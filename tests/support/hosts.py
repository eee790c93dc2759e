"""Hosts of a test's own on one machine, which it may cut off from each other.

Each is a network namespace on one bridge; what is not in one, PostgreSQL say, has an address of its
own on the bridge. A way that is cut loses packets as a broken cable does: nobody is told.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.support.needed import without

NOBODY = "02:00:00:00:00:99"
"""A hardware address that no host has: what is sent there vanishes."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The hosts by name, each with its address; those inside a namespace can be cut off."""

    tag: str
    addresses: dict[str, str]
    inside: frozenset[str]

    def command(self, name: str) -> list[str]:
        """Return the words before a command that is to run on a host."""
        return ["ip", "netns", "exec", self._namespace(name)] if name in self.inside else []

    def cut(self, one: str, other: str) -> None:
        """Lose whatever the two send each other from now on."""
        for here, there in self._ways(one, other):
            _ip(
                *("-n", self._namespace(here), "neigh", "replace", self.addresses[there]),
                *("lladdr", NOBODY, "dev", "eth0", "nud", "permanent"),
            )

    def join(self, one: str, other: str) -> None:
        for here, there in self._ways(one, other):
            _ip(
                *("-n", self._namespace(here), "neigh", "del", self.addresses[there]),
                *("dev", "eth0"),
            )

    def _ways(self, one: str, other: str) -> list[tuple[str, str]]:
        return [way for way in ((one, other), (other, one)) if way[0] in self.inside]

    def _namespace(self, name: str) -> str:
        return f"{self.tag}-{name}"


def one_host(inside: Sequence[str], outside: Sequence[str]) -> Hosts:
    """Return all of them on this machine itself, where no way can be cut."""
    return Hosts("", dict.fromkeys([*inside, *outside], "127.0.0.1"), frozenset())


def can_be_made() -> bool:
    """Whether this process may make hosts: that needs root and iproute2."""
    return os.geteuid() == 0 and shutil.which("ip") is not None


@contextmanager
def hosts(inside: Sequence[str], outside: Sequence[str]) -> Iterator[Hosts]:
    """Make the hosts, and take them away when the block ends.

    Skips the test where namespaces cannot be made: that needs root and iproute2.
    """
    if not can_be_made():
        without("network namespaces need root and iproute2")
    process = os.getpid()
    names = [*inside, *outside]
    net = f"10.{100 + process % 100}.{process // 100 % 250}"
    found = Hosts(
        f"am{process}",
        {name: f"{net}.{number}" for number, name in enumerate(names, 1)},
        frozenset(inside),
    )
    with ExitStack() as stack:
        _make(found, stack)
        yield found


def _make(found: Hosts, stack: ExitStack) -> None:
    bridge = f"{found.tag}br"
    _ip("link", "add", bridge, "type", "bridge")
    stack.callback(_ip, "link", "del", bridge)
    _ip("link", "set", bridge, "up")
    for number, (name, address) in enumerate(found.addresses.items()):
        if name not in found.inside:
            _ip("addr", "add", f"{address}/24", "dev", bridge)
            continue
        namespace, outer = f"{found.tag}-{name}", f"{found.tag}v{number}"
        _ip("netns", "add", namespace)
        stack.callback(_ip, "netns", "del", namespace)
        _ip("link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", namespace)
        _ip("link", "set", outer, "master", bridge, "up")
        _ip("-n", namespace, "addr", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", namespace, "link", "set", "eth0", "up")
        _ip("-n", namespace, "link", "set", "lo", "up")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
