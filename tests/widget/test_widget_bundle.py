"""The one file that sites embed is what its sources say, small, and safe."""

import gzip
from pathlib import Path

import pytest

from amends.gateway.widget_bundle import BundleError, bundle

from .fake_gateway import WIDGET

SIZE_BUDGET = 30_000


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder


class TestWidgetFile:
    def test_given_script_and_style_then_they_fit_the_budget(self) -> None:
        packed = gzip.compress(bundle().encode(), 6)
        assert len(packed) < SIZE_BUDGET

    def test_given_script_then_content_never_becomes_markup(self) -> None:
        script = bundle()
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert sink not in script

    def test_given_shop_page_then_nothing_is_inline_or_from_elsewhere(self) -> None:
        page = (WIDGET / "shop.html").read_text("utf-8")
        for inline in ("<style", " style=", " onclick=", "https://", "http://"):
            assert inline not in page
        assert page.count("<script") == page.count("<script src=")


class TestBundler:
    def test_given_modules_then_joined_after_what_they_import_without_comments(
        self, tmp_path: Path
    ) -> None:
        source = write(
            tmp_path,
            main='import { a } from "./part.js";\n\n// said\na();\n',
            part="/** Says. */\nexport function a() {\n  // no\n  return 1;\n}\n",
        )
        joined = bundle(source)
        assert joined.endswith("function a() {\nreturn 1;\n}\na();\n})();\n")

    @pytest.mark.parametrize(
        ("part", "sentence"),
        [
            ('import { b } from "./main.js";\nexport const a = 1;\n', "a circle"),
            ("export const a = 1;\nconst own = 2;\n", "both declare own"),
            ("export const a = `one\ntwo`;\n", "template over several lines"),
        ],
    )
    def test_given_modules_that_cannot_be_joined_then_it_says_why(
        self, tmp_path: Path, part: str, sentence: str
    ) -> None:
        main = 'import { a } from "./part.js";\nconst own = 1;\n'
        source = write(tmp_path, main=main, part=part)
        with pytest.raises(BundleError, match=sentence):
            bundle(source)
