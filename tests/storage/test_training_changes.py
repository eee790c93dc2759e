"""Changes of the training data are kept as they were made, on both databases."""

from dataclasses import replace
from datetime import timedelta

from amends.storage import Database
from amends.training.changes import Author, Change, ChangeState, Uncommitted
from tests.storage.samples import NOW

ONE = Change(
    id="one",
    at=NOW,
    by=Author("王芳", "fang@example.com"),
    why="杯子",
    paths=("data/nlu/items.yml", "domain.yml"),
    commit="a" * 40,
    patch="diff --git a/x b/x\n",
    state=ChangeState.COMMITTED,
)
TWO = replace(
    ONE, id="two", by=Author("Tim"), commit=None, state=ChangeState.WRITTEN,
    uncommitted=Uncommitted.NO_GIT, reverts="one", at=NOW + timedelta(minutes=1),
)  # fmt: skip


def keep(db: Database, *changes: Change) -> None:
    with db.write() as uow:
        for one in changes:
            uow.training_changes.add(one)
        uow.commit()


def test_given_changes_then_the_latest_first_and_each_as_it_was(db: Database) -> None:
    keep(db, ONE, TWO)

    with db.read() as uow:
        assert list(uow.training_changes.latest(9)) == [TWO, ONE]
        assert list(uow.training_changes.latest(9, (TWO.at, TWO.id))) == [ONE]
        assert uow.training_changes.get("two") == TWO
        assert uow.training_changes.get("three") is None


def test_given_one_stored_before_when_stored_again_then_nothing_happens(db: Database) -> None:
    keep(db, ONE)
    keep(db, replace(ONE, why="something else"))

    with db.read() as uow:
        assert list(uow.training_changes.latest(9)) == [ONE]


def test_given_one_that_was_taken_back_then_by_which_and_not_by_a_patch_alone(
    db: Database,
) -> None:
    kept = replace(TWO, id="kept", state=ChangeState.KEPT)
    keep(db, ONE, kept)
    with db.read() as uow:
        assert uow.training_changes.reverted_by("one") is None

    keep(db, TWO)
    with db.read() as uow:
        assert uow.training_changes.reverted(["one", "two"]) == {"one": "two"}
