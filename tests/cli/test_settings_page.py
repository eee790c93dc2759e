"""The settings reference says what the program does."""

from pydantic import SecretStr

from amends.cli.settings import PAGE, page
from amends.wiring.settings import Settings, env_name


def test_given_the_settings_then_the_page_is_what_the_command_writes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `.venv/bin/amends settings --write`"


def test_given_any_setting_then_the_page_describes_it_in_a_sentence() -> None:
    rows = [
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
    ]

    described = {row.split("`")[1]: row.split(" | ")[-1] for row in rows}

    assert set(described) == {env_name(name) for name in Settings.model_fields}
    assert all(text.rstrip(" |").endswith(".") for text in described.values())


def test_given_a_secret_then_it_has_no_default_to_show() -> None:
    secrets = [f for f in Settings.model_fields.values() if f.annotation is SecretStr]

    assert secrets
    assert all(field.default.get_secret_value() == "" for field in secrets)
