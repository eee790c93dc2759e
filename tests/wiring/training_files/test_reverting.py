"""A change of training files is taken back, and what came after it stays."""

from pathlib import Path

import pytest

from amends.training.changes import AlreadyReverted, Overlaps
from amends.training.data_writer import ExampleEdit
from amends.wiring.training_files import NewExample, TrainingFiles
from tests.wiring.training_files.steps import EN, ITEMS, ITEMS_ZH, NEW, TIM, ZH, git, texts


class TestReverting:
    def test_given_two_additions_side_by_side_when_the_first_goes_then_the_second_stays(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        first = files.add_examples(NEW, TIM, "first")
        files.add_examples([NewExample("report_damaged_item", "a wheel fell off")], TIM, "second")

        back = files.revert(first.id, TIM, "back")

        assert back.reverts == first.id
        assert texts(repository)[EN] == ITEMS.replace(
            "has a crack\r\n", "has a crack\r\n    - a wheel fell off\r\n"
        )
        assert texts(repository)[ZH] == ITEMS_ZH
        with pytest.raises(AlreadyReverted):
            files.revert(first.id, TIM, "again")

    def test_given_a_later_change_of_the_same_line_then_refused(
        self, files: TrainingFiles, project: Path
    ) -> None:
        first = files.add_examples(NEW, TIM, "first")
        lamp = next(one for one in files.examples() if one.text == "the lamp is bent")
        files.edit_examples([ExampleEdit(lamp.place, lamp.text, "my lamp is bent")], TIM, "")

        with pytest.raises(Overlaps):
            files.revert(first.id, TIM, "back")

        assert "my lamp is bent" in texts(project)[EN]

    def test_given_a_new_file_when_taken_back_then_it_is_gone(
        self, files: TrainingFiles, repository: Path
    ) -> None:
        made = files.change({"data/rules/new.yml": "rules: []\n"}, TIM, "new")

        files.revert(made.id, TIM, "back")

        assert not (repository / "data/rules/new.yml").exists()
        assert git(repository, "status", "--porcelain") == ""
