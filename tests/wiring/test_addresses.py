"""No name leads a call to this machine, its neighbours or a cloud's metadata service."""

import socket
from typing import Any

import pytest

from amends.wiring.addresses import AddressRefused, addresses_of, is_public

PRIVATE = (
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "192.0.2.1", "203.0.113.9",
    "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2002:a00:1::",
)  # fmt: skip
PUBLIC = (
    "8.8.8.8", "93.184.215.14", "172.32.0.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "::ffff:8.8.8.8", "64:ff9b::808:808",
)  # fmt: skip


def resolves(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let every name lead to these addresses."""

    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


class TestIsPublic:
    @pytest.mark.parametrize("address", PRIVATE)
    def test_given_an_address_inside_then_it_is_not_public(self, address: str) -> None:
        assert not is_public(address)

    @pytest.mark.parametrize("address", PUBLIC)
    def test_given_an_address_of_the_internet_then_it_is_public(self, address: str) -> None:
        assert is_public(address)


class TestAddressesOf:
    @pytest.mark.parametrize(
        "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "::1"]
    )
    def test_given_any_writing_of_this_machine_then_refused(self, host: str) -> None:
        with pytest.raises(AddressRefused, match="this machine or a private network"):
            addresses_of(host, 80, allow_private=False)

    def test_given_a_name_with_a_private_address_too_then_only_the_public_one_is_called(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolves(monkeypatch, "10.0.0.5", "8.8.8.8", "8.8.8.8", "::1")

        assert addresses_of("mixed.example.com", 443, allow_private=False) == ["8.8.8.8"]

    def test_given_a_name_that_leads_inside_then_the_refusal_names_both(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolves(monkeypatch, "169.254.169.254")

        with pytest.raises(AddressRefused, match=r"meta\.example\.com is at 169\.254\.169\.254"):
            addresses_of("meta.example.com", 443, allow_private=False)

    def test_given_private_is_allowed_then_all_in_the_order_of_the_resolver(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolves(monkeypatch, "10.0.0.5", "8.8.8.8")

        assert addresses_of("any", 80, allow_private=True) == ["10.0.0.5", "8.8.8.8"]
