"""The repository's own examples have no errors; `amends data check` tells what is wrong."""

from pathlib import Path

import pytest

from amends.training.data_check import find_errors, overlap
from amends.training.data_model import Corpus, Finding, Level
from amends.training.data_reader import read_corpus, read_rows
from tests.support.evaluation import evaluation_folder

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return read_corpus(PROJECT / "data" / "nlu", PROJECT)


def errors(found: list[Finding]) -> list[str]:
    return [
        f"{', '.join(map(str, one.places))} {one.message}"
        for one in found
        if one.level is Level.ERROR
    ]


def test_given_the_examples_then_no_errors(corpus: Corpus) -> None:
    assert len(corpus.examples) > 1000
    assert errors(list(find_errors(corpus))) == []


def test_given_evaluation_rows_then_no_example_is_one_of_them(corpus: Corpus) -> None:
    folder = evaluation_folder()
    if not folder.is_dir():
        pytest.skip("there is no folder with evaluation rows")

    assert errors(list(overlap(corpus.examples, read_rows(folder)))) == []
