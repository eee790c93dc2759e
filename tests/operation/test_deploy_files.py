"""The files of `deploy/` are valid, and name only what this program knows."""

import ipaddress
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
from amends.training.changes import FILES, ROOTS
from amends.wiring.processes import DESK_HEALTH, ENGINE_HEALTH, GATEWAY_HEALTH
from amends.wiring.settings import Settings, env_name
from tests.authorisation.table import GATEWAY

PROJECT = Path(__file__).resolve().parents[2]
DEPLOY = PROJECT / "deploy"
MANIFESTS = sorted(
    path for path in (DEPLOY / "kubernetes").glob("*.yaml") if path.name != "kustomization.yaml"
)
SETTINGS = {env_name(field) for field in Settings.model_fields}
INSIDE = {"/metrics", "/healthz", "/readyz"}
"""What a gateway tells those who watch it, and not customers."""
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


def paths_of_gateways() -> set[str]:
    """Return what a gateway answers, each with a word in place of its variables."""
    routes = {name.partition(" ")[2] for names in GATEWAY.values() for name in names}
    return {re.sub(r"\{\w+\}", "word", path) for path in routes}


def let_in(rules: list[dict[str, Any]], path: str) -> bool:
    """Return whether an ingress with these rules sends a path on."""
    return any(
        path == rule["path"]
        or (rule["pathType"] == "Prefix" and path.startswith(f"{rule['path'].rstrip('/')}/"))
        for rule in rules
    )


def kept_out(path: str) -> bool:
    """Return whether a file of the project stays out of the image."""
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    folders = [path, *map(str, Path(path).parents)]
    return any(_fits(pattern, place) for pattern in patterns for place in folders)


def _fits(pattern: str, path: str) -> bool:
    """Return whether Docker's pattern names a path: `*` is within one name, `**/` any folders."""
    signs = {"**/": "(.*/)?", "*": "[^/]*"}
    parts = re.split(r"(\*\*/|\*)", pattern)
    return (
        re.fullmatch("".join(signs.get(part, re.escape(part)) for part in parts), path) is not None
    )


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

    def test_given_the_ingress_then_customers_reach_all_but_what_watchers_ask(self) -> None:
        (ingress,) = documents(DEPLOY / "kubernetes" / "ingress.yaml")
        (rule,) = ingress["spec"]["rules"]
        paths = paths_of_gateways()
        assert paths >= INSIDE

        assert {path for path in paths if not let_in(rule["http"]["paths"], path)} == INSIDE

    def test_given_deployments_then_no_two_versions_run_at_once(self) -> None:
        deployments = {
            one["metadata"]["name"]: one["spec"].get("strategy", {}).get("type")
            for path in MANIFESTS
            for one in documents(path)
            if one["kind"] == "Deployment"
        }

        assert deployments == {"gateway": "Recreate", "desk": "Recreate"}

    def test_given_the_engines_then_gateways_alone_reach_them(self) -> None:
        policies = {
            one["metadata"]["name"]: one["spec"]
            for one in documents(DEPLOY / "kubernetes" / "network.yaml")
        }

        assert policies["engine"]["ingress"] == [
            {
                "from": [{"podSelector": {"matchLabels": {"app": "amends", "part": "gateway"}}}],
                "ports": [{"port": DEFAULTS.engine_port}],
            }
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

    def test_given_a_checkout_for_the_desk_then_models_and_engine_stay_the_image_s(self) -> None:
        beside = YAML(typ="safe").load(DEPLOY / "compose.checkout.yaml")
        PyCompose.from_json(filled_in(json.dumps(beside))).validate()
        desk = beside["services"]["desk"]

        settings = Settings(
            project_dir=Path(desk["environment"]["AMENDS_PROJECT_DIR"]),
            models_dir=Path(desk["environment"]["AMENDS_MODELS_DIR"]),
            engine_python=Path(desk["environment"]["AMENDS_ENGINE_PYTHON"]),
        )

        home = Path(re.findall(r"^WORKDIR (.+)$", (DEPLOY / "Dockerfile").read_text(), re.M)[0])
        assert settings.models_dir == home / DEFAULTS.models_dir.name
        assert settings.engine_python == home / ".venv-engine/bin/python"
        assert desk["volumes"][0].endswith(f":{settings.project_dir}")

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
        assert {name for name, one in services().items() if one.get("ports")} == {
            "customers",
            "desk",
        }

    def test_given_what_calls_others_then_it_has_a_way_out(self) -> None:
        way_out = {name for name, one in services().items() if "outside" in one["networks"]}

        assert way_out == {"customers", "desk", "gateway"}  # mails, webhooks, refunds, help desk

    def test_given_its_own_services_then_each_takes_any_setting_from_one_file(self) -> None:
        own = [one for one in services().values() if one["image"] == "amends"]

        assert {one["env_file"] for one in own} == {"compose.env"}

    def test_given_the_desk_then_it_believes_a_proxy_before_it(self) -> None:
        compose = services()["desk"]["environment"]["FORWARDED_ALLOW_IPS"]
        (desk,) = [pod for part, pod in pods() if part == "desk"]
        (kubernetes,) = desk["containers"][0]["env"]
        assert kubernetes == {"name": "FORWARDED_ALLOW_IPS", "value": compose}

        networks = [ipaddress.ip_network(one) for one in compose.split(",")]
        assert all(network.is_private for network in networks)

    def test_given_nginx_then_it_believes_a_proxy_that_the_desk_would_believe(self) -> None:
        conf = (DEPLOY / "gateways.nginx.conf").read_text()
        of_desk = services()["desk"]["environment"]["FORWARDED_ALLOW_IPS"].split(",")

        assert set(re.findall(r"set_real_ip_from (\S+);", conf)) == {*of_desk} - {"::1"}
        assert len(re.findall(r"X-Forwarded-For \$remote_addr;", conf)) == conf.count("proxy_pass")

    def test_given_nginx_then_customers_reach_nothing_that_watchers_ask(self) -> None:
        conf = (DEPLOY / "gateways.nginx.conf").read_text()

        assert set(re.findall(r"location = (\S+) \{ return 404; \}", conf)) == INSIDE


class TestImage:
    @pytest.mark.parametrize(
        "path",
        [
            "deploy/compose.env",
            ".env",
            ".env.production",
            "amends.toml",
            "var/secret",
            "amends-backup.tar.gz",
            ".git/config",
        ],
    )
    def test_given_a_file_with_secrets_then_it_stays_out(self, path: str) -> None:
        assert kept_out(path)

    @pytest.mark.parametrize(
        "path",
        ["deploy/bring-models.sh", "data/nlu/goods.yml", "requirements/app.lock", "pyproject.toml"],
    )
    def test_given_a_file_that_is_needed_then_it_is_taken(self, path: str) -> None:
        assert not kept_out(path)

    def test_given_git_then_it_keeps_no_secrets_either(self) -> None:
        ignored = set((PROJECT / ".gitignore").read_text().splitlines())

        assert ignored >= {"deploy/compose.env", ".env*", "amends.toml"}

    def test_given_what_trainers_change_then_the_image_lets_nobody_write_it(self) -> None:
        dockerfile = (DEPLOY / "Dockerfile").read_text()
        (owned,) = re.findall(r"chown -R root:root (.+?) \\\n", dockerfile)
        assert "chown root:root . " in dockerfile  # else a file could take another's place

        assert all(
            any(place == own or place.startswith(f"{own}/") for own in owned.split())
            for place in (*ROOTS, *FILES)
        )


@pytest.mark.parametrize(
    "path",
    [path for path in DEPLOY.rglob("*") if path.is_file() and "AMENDS_" in path.read_text()],
    ids=lambda path: path.name,
)
def test_given_settings_in_a_file_then_each_exists(path: Path) -> None:
    named = set(re.findall(r"\bAMENDS_[A-Z_]+\b", path.read_text()))

    assert named <= SETTINGS
