"""Settings come from four sources; what cannot be used stops the start and is named."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from amends.wiring.settings import PROJECT_DIR, Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMENDS_VAR_DIR", str(tmp_path / "var"))
    return tmp_path


def write_config(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    config = folder / "amends.toml"
    config.write_text(text)
    monkeypatch.setenv("AMENDS_CONFIG", str(config))


class TestSources:
    def test_given_nothing_then_defaults_count_from_the_project(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AMENDS_VAR_DIR")

        settings = Settings()

        assert settings.database_url == f"sqlite:///{PROJECT_DIR}/var/amends.db"
        assert settings.policy_path == PROJECT_DIR / "policies" / "retail.yml"
        assert settings.engine_url == "http://127.0.0.1:5005"

    def test_given_other_folder_and_ports_then_addresses_follow(
        self, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMENDS_GATEWAY_PORT", "5520")
        monkeypatch.setenv("AMENDS_ENGINE_PORT", "5521")

        settings = load_settings()

        assert settings.tracker_url == f"sqlite:///{own_folder}/var/tracker.db"
        assert settings.public_url == "http://127.0.0.1:5520"
        assert settings.engine_url == "http://127.0.0.1:5521"

    def test_given_a_gateway_open_to_the_network_then_its_address_can_be_called(self) -> None:
        assert Settings(gateway_host="0.0.0.0").public_url == "http://127.0.0.1:8000"

    def test_given_file_and_environment_then_environment_wins(
        self, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_config(own_folder, "gateway_port = 5522\ndesk_port = 5523\n", monkeypatch)
        monkeypatch.setenv("AMENDS_DESK_PORT", "5524")

        settings = load_settings()

        assert (settings.gateway_port, settings.desk_port) == (5522, 5524)

    def test_given_origins_with_commas_then_each_counts(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMENDS_ALLOWED_ORIGINS", "https://a.example, https://b.example")

        assert load_settings().allowed_origins == ("https://a.example", "https://b.example")

    def test_given_settings_then_they_cannot_be_changed(self) -> None:
        with pytest.raises(ValidationError, match="frozen"):
            Settings().gateway_port = 1  # type: ignore[misc]


class TestRefusals:
    @pytest.mark.parametrize(
        ("key", "value", "sentence"),
        [
            ("AMENDS_GATEWAY_PORT", "abc", "AMENDS_GATEWAY_PORT is 'abc', which cannot be used"),
            ("AMENDS_DESK_PORT", "70000", "AMENDS_DESK_PORT is '70000', which cannot be used"),
            ("AMENDS_CURRENCY", "euro", "AMENDS_CURRENCY is 'euro', which cannot be used"),
            ("AMENDS_ENGINE_TIMEOUT_SECONDS", "0", "AMENDS_ENGINE_TIMEOUT_SECONDS is '0'"),
            ("AMENDS_DEMO", "perhaps", "AMENDS_DEMO is 'perhaps'"),
            ("AMENDS_DESKPORT", "1", "AMENDS_DESKPORT is not a setting of Amends; did you mean"),
            ("AMENDS_CONFIG", "/nowhere.toml", "AMENDS_CONFIG names /nowhere.toml"),
        ],
    )
    def test_given_a_bad_value_then_one_sentence_names_the_key(
        self, key: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(key, value)

        with pytest.raises(SettingsError) as refusal:
            load_settings()

        assert str(refusal.value).startswith(sentence)
        assert "\n" not in str(refusal.value)

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("gateway_prt = 1", "AMENDS_GATEWAY_PRT is not a setting of Amends"),
            ("gateway_port = ", "amends.toml cannot be read"),
            ("gateway_port = 'x'", "AMENDS_GATEWAY_PORT is 'x'"),
        ],
    )
    def test_given_a_bad_file_then_one_sentence(
        self, text: str, sentence: str, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_config(own_folder, text, monkeypatch)

        with pytest.raises(SettingsError, match=sentence):
            load_settings()

    def test_given_a_short_secret_then_it_is_refused_and_not_repeated(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMENDS_SITE_SECRET", "hunter2")

        with pytest.raises(SettingsError, match="at least 32 characters") as refusal:
            load_settings()

        assert "hunter2" not in str(refusal.value)


class TestSecret:
    def test_given_none_then_one_is_made_and_kept_for_its_owner_only(
        self, own_folder: Path
    ) -> None:
        first = load_settings().site_secret.get_secret_value()

        kept = own_folder / "var" / "secret"
        assert len(first) == 64
        assert load_settings().site_secret.get_secret_value() == first
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert [path.name for path in kept.parent.iterdir()] == ["secret"]

    def test_given_settings_when_printed_then_the_secret_is_not(self) -> None:
        settings = load_settings()

        assert settings.site_secret.get_secret_value() not in repr(settings)


class TestPayments:
    SECRET = "whsec_" + "QUJD" * 10

    def test_given_nothing_then_remedies_are_simulated(self) -> None:
        assert load_settings().payments_url == ""

    def test_given_an_address_and_a_secret_then_they_are_taken(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AMENDS_PAYMENTS_URL", "https://pay.example.com/remedies")
        monkeypatch.setenv("AMENDS_PAYMENTS_SECRET", self.SECRET)

        settings = load_settings()

        assert settings.payments_url == "https://pay.example.com/remedies"
        assert self.SECRET not in repr(settings)

    @pytest.mark.parametrize(
        ("url", "secret", "sentence"),
        [
            ("https://pay.example.com", "", "AMENDS_PAYMENTS_SECRET .* must be set where"),
            ("https://pay.example.com", "hunter2", "AMENDS_PAYMENTS_SECRET .*openssl rand"),
            ("", "whsec_c2hvcnQ=", "AMENDS_PAYMENTS_SECRET .*openssl rand"),
            ("pay.example.com", SECRET, "AMENDS_PAYMENTS_URL is 'pay.example.com'"),
            ("ftp://pay.example.com", SECRET, "must begin with https://"),
            ("https://", SECRET, "must begin with https://"),
        ],
    )
    def test_given_what_cannot_be_used_then_the_sentence_names_it_and_hides_the_secret(
        self, monkeypatch: pytest.MonkeyPatch, url: str, secret: str, sentence: str
    ) -> None:
        monkeypatch.setenv("AMENDS_PAYMENTS_URL", url)
        monkeypatch.setenv("AMENDS_PAYMENTS_SECRET", secret)

        with pytest.raises(SettingsError, match=sentence) as refused:
            load_settings()

        assert not secret or secret not in str(refused.value)
