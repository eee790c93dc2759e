"""Model files: found by name, never outside their folder, with what is kept about each."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amends.training.promotion.errors import UnknownModel
from amends.training.promotion.model import Promotion, PromotionKind
from amends.wiring.model import FINGERPRINTED, current_model
from amends.wiring.models import (
    all_models,
    data_version,
    find_model,
    live_after,
    path_of,
    prepare_training,
    read_training,
    write_training,
)
from amends.wiring.settings import Settings

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
EXAMPLES = "nlu:\n- intent: late\n  examples: |\n    - it is late\n    - still nothing\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in FINGERPRINTED:
        path = tmp_path / (name if "." in name else f"{name}/nlu/a.yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(EXAMPLES)
    (tmp_path / "models").mkdir()
    return Settings(project_dir=tmp_path)


def add(settings: Settings, name: str) -> Path:
    path = settings.models_dir / f"{name}.tar.gz"
    path.write_bytes(b"model")
    return path


def git(folder: Path, *arguments: str) -> str:
    own = ["-c", "user.name=Ana", "-c", "user.email=ana@example.com", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *own, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


class TestFiles:
    def test_given_models_then_the_latest_training_comes_first(self, settings: Settings) -> None:
        older, newer = add(settings, "amends-a"), add(settings, "amends-b")
        made = prepare_training(settings, "s-ana")
        write_training(older, replace(made, trained_at=NOW))
        write_training(newer, replace(made, trained_at=NOW.replace(hour=10)))

        assert [one.name for one in all_models(settings)] == ["amends-b", "amends-a"]

    def test_given_how_it_was_made_then_read_as_it_was(self, settings: Settings) -> None:
        path = add(settings, "amends-a")
        made = prepare_training(settings, "s-ana")

        write_training(path, made)

        assert find_model(settings, "amends-a").training == made
        assert made.examples == 2

    @pytest.mark.parametrize("content", ["", "{}", "no JSON", '{"fingerprint": 1}'])
    def test_given_nothing_usable_about_it_then_the_model_is_found_all_the_same(
        self, settings: Settings, content: str
    ) -> None:
        path = add(settings, "amends-a")
        path.with_name("amends-a.training.json").write_text(content)

        assert read_training(path) is None
        assert find_model(settings, "amends-a").training is None

    @pytest.mark.parametrize("name", ["", ".", "..", "../amends-a", "/etc/passwd", ".hidden"])
    def test_given_a_name_that_leads_elsewhere_then_there_is_no_such_model(
        self, settings: Settings, name: str
    ) -> None:
        with pytest.raises(UnknownModel):
            path_of(settings, name)


class TestLive:
    def promotion(self, model: str) -> Promotion:
        return Promotion(1, model, NOW, "s-ana", "", PromotionKind.PROMOTE, None)

    def test_given_nothing_promoted_then_the_present_files_model(self, settings: Settings) -> None:
        live = live_after(settings, None)

        assert live.path == current_model(settings)
        assert not live.files_are_newer

    def test_given_a_promoted_model_of_other_files_then_it_is_live_and_that_is_said(
        self, settings: Settings
    ) -> None:
        path = add(settings, "amends-a")

        live = live_after(settings, self.promotion("amends-a"))

        assert live.path == path
        assert live.files_are_newer

    def test_given_the_promoted_file_is_gone_then_the_present_files_model(
        self, settings: Settings
    ) -> None:
        live = live_after(settings, self.promotion("amends-a"))

        assert live.path == current_model(settings)
        assert live.missing == "amends-a"


class TestDataVersion:
    def test_given_a_clean_repository_then_its_commit(self, settings: Settings) -> None:
        git(settings.project_dir, "init", "--quiet")
        git(settings.project_dir, "add", ".")
        git(settings.project_dir, "commit", "--quiet", "-m", "all")
        head = git(settings.project_dir, "rev-parse", "HEAD")

        assert data_version(settings.project_dir) == (head, False)

        (settings.project_dir / "domain.yml").write_text("changed")
        assert data_version(settings.project_dir) == (head, True)

    def test_given_a_change_in_what_shapes_no_model_then_it_is_still_clean(
        self, settings: Settings
    ) -> None:
        git(settings.project_dir, "init", "--quiet")
        git(settings.project_dir, "add", ".")
        git(settings.project_dir, "commit", "--quiet", "-m", "all")

        (settings.project_dir / "README.md").write_text("changed")

        assert not data_version(settings.project_dir)[1]

    def test_given_no_git_then_nothing_is_known(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")

        assert data_version(settings.project_dir) == ("", False)
