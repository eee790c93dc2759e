"""The reading without the engine's parse is the same but for that."""

from amends.storage import Database
from tests.storage.samples import NOW, given, understanding


def test_given_readings_when_read_briefly_then_all_but_the_parse(db: Database) -> None:
    given(db)
    with db.write() as uow:
        uow.understandings.add("c1", 1, understanding(parse={"text": "x"}), NOW)
        uow.commit()

    with db.read() as uow:
        ((seq, whole),) = uow.understandings.of_conversation("c1")
        ((same, brief),) = uow.understandings.without_parse("c1")

    assert (seq, whole) == (same, brief)
    assert whole.parse == {"text": "x"}
    assert brief.parse == {}
