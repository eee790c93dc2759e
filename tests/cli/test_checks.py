"""What stops a start does so with one sentence that says what to do."""

import socket
from pathlib import Path

import pytest

from amends.cli.checks import (
    CheckError,
    check_engine,
    check_files,
    check_ports,
    check_writable,
    why_not_free,
)
from amends.wiring.settings import Settings


@pytest.fixture
def free_ports() -> list[int]:
    sockets = [socket.socket() for _ in range(4)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture
def settings(tmp_path: Path, free_ports: list[int]) -> Settings:
    gateway, desk, actions, engine = free_ports
    return Settings(
        project_dir=tmp_path,
        gateway_port=gateway,
        desk_port=desk,
        actions_port=actions,
        engine_port=engine,
    )


class TestPorts:
    def test_given_free_ports_then_nothing_is_said(self, settings: Settings) -> None:
        check_ports(settings)

    def test_given_a_port_in_use_then_the_sentence_names_it_and_the_setting(
        self, settings: Settings
    ) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", settings.desk_port))
            other.listen()
            with pytest.raises(CheckError) as refusal:
                check_ports(settings)

        assert str(refusal.value) == (
            f"port {settings.desk_port} on 127.0.0.1 is already in use; stop the program that "
            "uses it, or choose another port with AMENDS_DESK_PORT."
        )

    def test_given_a_port_just_left_then_it_counts_as_free(self, free_ports: list[int]) -> None:
        port = free_ports[0]
        with socket.socket() as server:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(("127.0.0.1", port))
            server.listen()
            with socket.create_connection(("127.0.0.1", port)):
                server.accept()[0].close()  # the server closes first: its side lingers

        assert why_not_free("127.0.0.1", port) is None

    def test_given_two_parts_on_one_port_then_both_settings_are_named(
        self, settings: Settings
    ) -> None:
        same = settings.model_copy(update={"desk_port": settings.gateway_port})

        with pytest.raises(CheckError, match=r"AMENDS_DESK_PORT and AMENDS_GATEWAY_PORT are both"):
            check_ports(same)

    def test_given_an_address_of_another_machine_then_it_is_called_wrong(
        self, free_ports: list[int]
    ) -> None:
        reason = why_not_free("192.0.2.1", free_ports[0])

        assert reason is not None
        assert "192.0.2.1 cannot be listened on" in reason


class TestInstallation:
    def test_given_no_engine_interpreter_then_make_install_is_named(
        self, settings: Settings
    ) -> None:
        with pytest.raises(
            CheckError, match=r"the engine's Python is missing at .* `make install`"
        ):
            check_engine(settings)

    def test_given_no_policy_then_the_file_and_its_setting_are_named(
        self, settings: Settings
    ) -> None:
        with pytest.raises(CheckError, match=r"is missing; .* correct AMENDS_POLICY_PATH") as error:
            check_files(settings)

        assert str(settings.policy_path) in str(error.value)

    def test_given_a_file_where_the_folder_should_be_then_it_is_said(
        self, settings: Settings
    ) -> None:
        settings.var_dir.write_text("in the way")

        with pytest.raises(CheckError, match=r"nothing can be written to .* AMENDS_VAR_DIR"):
            check_writable(settings)
