"""The files of `deploy/` are valid, and name only what this program knows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from compose_spec import PyCompose
from ruamel.yaml import YAML

from amends.cli.up import wanted_parts
from amends.wiring.processes import DESK_HEALTH, ENGINE_HEALTH, GATEWAY_HEALTH
from amends.wiring.settings import Settings, env_name

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
MANIFESTS = sorted(
    path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml"
)
SETTINGS = {env_name(field) for field in Settings.model_fields}
OF_COMPOSE = {"AMENDS_DB_PASSWORD", "AMENDS_PORT"}
PROBED = {ENGINE_HEALTH, GATEWAY_HEALTH, DESK_HEALTH}
DEFAULTS = Settings()
PORTS = {
    "engine": {DEFAULTS.engine_port},
    "gateway": {DEFAULTS.gateway_port, DEFAULTS.actions_port},
    "desk": {DEFAULTS.desk_port},
}


def documents(path: Path) -> Iterator[dict[str, Any]]:
    yield from YAML(typ="safe").load_all(path)


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the pods of the manifests, each with the part that it is."""
    for path in MANIFESTS:
        for document in documents(path):
            if "template" in document.get("spec", {}):
                template = document["spec"]["template"]
                yield template["metadata"]["labels"]["part"], template["spec"]


def services() -> dict[str, Any]:
    compose: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return dict(compose["services"])


def filled_in(text: str) -> str:
    """Return the text with a value for each variable: its default, or a word where it has none."""
    return re.sub(r"\$\{\w+(?::-([^}]*)|:\?[^}]*)?\}", lambda found: found[1] or "word", text)


class TestKubernetes:
    @pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
    def test_given_a_manifest_then_kubernetes_would_take_it(self, path: Path) -> None:
        for document in documents(path):
            kubernetes_validate.validate(document, "1.32", strict=True)

    def test_given_the_list_of_manifests_then_it_is_whole(self) -> None:
        listed = YAML(typ="safe").load(DEPLOY / "kubernetes" / "kustomization.yaml")["resources"]

        assert sorted(listed) == [path.name for path in MANIFESTS]

    def test_given_the_pods_then_each_runs_its_part_on_its_ports(self) -> None:
        found = dict(pods())
        assert found.keys() == PORTS.keys()
        for part, pod in found.items():
            container = pod["containers"][0]
            assert container["args"] == ["up", part]
            assert {port["containerPort"] for port in container["ports"]} == PORTS[part]

    def test_given_the_probes_then_they_ask_where_the_program_answers(self) -> None:
        for _, pod in pods():
            container = pod["containers"][0]
            probes = [container[name] for name in container if name.endswith("Probe")]
            assert probes
            paths = {probe["httpGet"]["path"].partition("?")[0] for probe in probes}
            assert paths <= PROBED

    def test_given_the_engine_s_addresses_then_each_is_a_pod_that_is_there(self) -> None:
        (settings,) = documents(DEPLOY / "kubernetes" / "settings.yaml")
        engines = next(
            one
            for one in documents(DEPLOY / "kubernetes" / "engine.yaml")
            if one["kind"] == "StatefulSet"
        )

        assert settings["data"]["AMENDS_ENGINE_URL"].split(",") == [
            f"http://engine-{number}.{engines['spec']['serviceName']}:{DEFAULTS.engine_port}"
            for number in range(engines["spec"]["replicas"])
        ]

    def test_given_every_pod_then_it_is_nobody_in_particular(self) -> None:
        for _, pod in pods():
            assert pod["securityContext"]["runAsNonRoot"]
            for container in (*pod["containers"], *pod.get("initContainers", ())):
                assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}


class TestCompose:
    def test_given_the_file_then_it_is_a_compose_file(self) -> None:
        compose = YAML(typ="safe").load(DEPLOY / "compose.yaml")  # which resolves its anchors

        PyCompose.from_json(filled_in(json.dumps(compose))).validate()

    def test_given_its_own_services_then_each_runs_parts_that_exist(self) -> None:
        own = [one["command"] for one in services().values() if one["image"] == "amends"]

        assert {command[0] for command in own} == {"up"}
        assert set().union(*(wanted_parts(command[1:]) for command in own)) == {
            "database", "engine", "gateway", "desk"
        }  # fmt: skip

    def test_given_the_engine_s_addresses_then_each_is_a_service(self) -> None:
        found = services()
        addresses = found["gateway"]["environment"]["AMENDS_ENGINE_URL"].split(",")

        assert addresses == [
            f"http://{name}:{DEFAULTS.engine_port}"
            for name, one in found.items()
            if one.get("command") == ["up", "engine"]
        ]

    def test_given_engines_actions_and_data_then_nothing_outside_reaches_them(self) -> None:
        open_to_others = {
            name
            for name, one in services().items()
            if one.get("ports") or "outside" in one.get("networks", ())
        }

        assert open_to_others == {"customers", "desk"}


@pytest.mark.parametrize(
    "path",
    [path for path in DEPLOY.rglob("*") if path.is_file() and "AMENDS_" in path.read_text()],
    ids=lambda path: path.name,
)
def test_given_settings_in_a_file_then_each_exists(path: Path) -> None:
    named = set(re.findall(r"\bAMENDS_[A-Z_]+\b", path.read_text()))

    assert named - OF_COMPOSE <= SETTINGS
