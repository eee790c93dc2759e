"""The engine starts without TensorFlow, and says so when something needs it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from bot import install
from bot.without_tensorflow import TensorFlowLeftOutError, WithoutTensorFlow

real_tensorflow = install.tensorflow_is_installed(Path(importlib.util.__file__).parent) or any(
    install.tensorflow_is_installed(Path(entry)) for entry in sys.path if entry
)
without = pytest.mark.skipif(real_tensorflow, reason="a real TensorFlow is installed")


@without
class TestStandIns:
    def test_when_an_inert_class_is_called_then_the_error_says_what_to_do(self) -> None:
        import tensorflow

        with pytest.raises(TensorFlowLeftOutError, match="Remove components"):
            tensorflow.keras.layers.Dense(8)

    def test_given_a_subclass_when_made_then_the_error_is_the_same(self) -> None:
        import tensorflow

        class Model(tensorflow.keras.Model):
            pass

        with pytest.raises(TensorFlowLeftOutError):
            Model()

    def test_libraries_that_probe_for_tensorflow_see_an_import_error(self) -> None:
        import tensorflow

        with pytest.raises(ImportError):
            tensorflow.config.get_visible_devices("GPU")

    def test_decorators_and_annotations_leave_functions_alone(self) -> None:
        import tensorflow

        @tensorflow.function(input_signature=[])
        def double(number: tensorflow.Tensor) -> tensorflow.Tensor:
            return number * 2

        assert double(4) == 8

    def test_when_rasa_is_imported_then_only_stand_ins_are_loaded(self) -> None:
        script = (
            "import rasa.engine.recipes.default_components, sys;"
            "names = [n for n in sys.modules if n.split('.')[0] in ('tensorflow', 'keras')];"
            "kinds = {type(sys.modules[n]).__name__ for n in names};"
            "print(sorted(kinds))"
        )

        result = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True
        )

        assert result.stdout.strip() == "['_InertModule']", result.stderr

    def test_other_names_are_left_to_other_finders(self) -> None:
        assert WithoutTensorFlow().find_spec("tensorboard_plugin") is None


class TestInstall:
    def test_given_no_tensorflow_then_the_pth_switches_the_stand_ins_on(
        self, tmp_path: Path
    ) -> None:
        written = install.install(tmp_path, checkout=Path("/somewhere/amends"))

        assert written.name == "amends_engine.pth"
        assert written.read_text().splitlines() == [
            "/somewhere/amends",
            "import bot.without_tensorflow",
        ]

    def test_given_a_real_tensorflow_then_the_pth_only_adds_the_path(self, tmp_path: Path) -> None:
        (tmp_path / "tensorflow").mkdir()
        (tmp_path / "tensorflow" / "__init__.py").touch()

        written = install.install(tmp_path, checkout=Path("/somewhere/amends"))

        assert written.read_text().splitlines() == ["/somewhere/amends"]

    def test_installing_twice_changes_nothing(self, tmp_path: Path) -> None:
        first = install.install(tmp_path).read_text()

        assert install.install(tmp_path).read_text() == first
