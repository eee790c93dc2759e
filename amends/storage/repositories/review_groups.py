"""Messages enter the review queue, each into the group of its like; what each group comes to."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update

from amends.storage.repositories.review_log import ReviewLog
from amends.storage.repositories.review_rows import found_values, reasons_text, to_member
from amends.storage.tables.reviews import ReviewBandRow, ReviewGroupRow, ReviewRow
from amends.training.review.grouping import MOST_COMPARED, Groups, known_groups, standing
from amends.training.review.model import Found, Looked, Standing
from amends.training.review.similarity import Signature, bands, from_text, to_text

AT_ONCE = 400
"""So many values are named in one query; both databases take many more."""

MOST_MEMBERS = 500
"""So many of a group's messages, those that rank highest, make up its standing."""

OPEN = ReviewRow.decision_id.is_(None)


class ReviewGroups(ReviewLog):
    def put(self, looked: Sequence[Looked]) -> int:
        """Let exactly what was found stand in the queue, of what was looked at; what was decided
        on stays as it is. Returns how many messages are new."""
        first = {one.conversation_id: one.first_seq for one in looked}
        self._hold({one.group_id for one in self._rows(first)})
        known = {(one.conversation_id, one.seq): one for one in self._rows(first)}
        new: list[tuple[str, Found, Signature]] = []
        touched: set[int] = set()
        for talk in looked:
            for found, signature in talk.found:
                row = known.pop((talk.conversation_id, found.seq), None)
                if row is None:
                    new.append((talk.conversation_id, found, signature))
                else:
                    touched |= self._renew(row, found)
        touched |= self._drop(list(known.values()))
        touched |= self._add(new)
        self.refresh(touched)
        return len(new)

    def refresh(self, group_ids: Iterable[int]) -> None:
        """Let groups say what their open messages come to now."""
        for group_id in sorted(group_ids):
            of_group = (ReviewRow.group_id == group_id, OPEN)
            rows = self._all(
                select(ReviewRow)
                .where(*of_group)
                .order_by(ReviewRow.rank.desc(), ReviewRow.id.desc())
                .limit(MOST_MEMBERS)
            )
            size = self._session.scalar(select(func.count()).where(*of_group)) or 0
            self._set(group_id, standing([to_member(one) for one in rows], size), size, rows)

    def _rows(self, first: Mapping[str, int]) -> Sequence[ReviewRow]:
        """Return what stands in the queue of conversations, from one message on in each."""
        found: list[ReviewRow] = []
        for ids in _parts(list(first)):
            found += self._all(select(ReviewRow).where(ReviewRow.conversation_id.in_(ids)))
        return [one for one in found if one.seq >= first[one.conversation_id]]

    def _hold(self, group_ids: Iterable[int]) -> None:
        """Hold groups until the transaction ends, always in the same order."""
        for ids in _parts(sorted(group_ids)):
            held = select(ReviewGroupRow.id).where(ReviewGroupRow.id.in_(ids))
            self._session.execute(held.order_by(ReviewGroupRow.id).with_for_update()).all()

    def _renew(self, row: ReviewRow, found: Found) -> set[int]:
        values = found_values(found)
        if row.decision_id is not None or all(getattr(row, k) == v for k, v in values.items()):
            return set()
        self._change(update(ReviewRow).where(ReviewRow.id == row.id, OPEN).values(values))
        return {row.group_id}

    def _drop(self, rows: Sequence[ReviewRow]) -> set[int]:
        """Let go what is worth no look any more, unless somebody decided on it."""
        gone = [one for one in rows if one.decision_id is None]
        for ids in _parts([one.id for one in gone]):
            self._change(delete(ReviewRow).where(ReviewRow.id.in_(ids), OPEN))
        return {one.group_id for one in gone}

    def _add(self, new: Sequence[tuple[str, Found, Signature]]) -> set[int]:
        groups = self._near([signature for _, _, signature in new])
        self._hold(groups.signatures)
        rows, touched = [], set()
        for conversation_id, found, signature in new:
            group_id = groups.alike(signature)
            if group_id is None:
                group_id = self._new_group(found, signature)
                groups.add(group_id, signature)
            touched.add(group_id)
            place = {"conversation_id": conversation_id, "seq": found.seq, "group_id": group_id}
            rows.append({**place, **found_values(found)})
        self._insert(ReviewRow, *rows)
        return touched

    def _near(self, signatures: Sequence[Signature]) -> Groups:
        """Return the groups that share most bands with any of these messages."""
        keys = {one: bands(one) for one in signatures}
        by_key: defaultdict[int, list[int]] = defaultdict(list)
        for some in _parts(sorted({key for listed in keys.values() for key in listed})):
            shared = select(ReviewBandRow.key, ReviewBandRow.group_id)
            for key, group_id in self._session.execute(shared.where(ReviewBandRow.key.in_(some))):
                by_key[key].append(group_id)
        wanted: set[int] = set()
        for listed in keys.values():
            counted = Counter(group_id for key in listed for group_id in by_key[key])
            nearest = sorted(counted, key=lambda one: (-counted[one], one))
            wanted |= {*nearest[:MOST_COMPARED]}
        return known_groups(self._signatures(sorted(wanted)))

    def _signatures(self, group_ids: Sequence[int]) -> dict[int, Signature]:
        found: dict[int, Signature] = {}
        for ids in _parts(group_ids):
            query = select(ReviewGroupRow.id, ReviewGroupRow.signature)
            for group_id, text in self._session.execute(query.where(ReviewGroupRow.id.in_(ids))):
                found[group_id] = from_text(text)
        return found

    def _new_group(self, found: Found, signature: Signature) -> int:
        values = {
            "signature": to_text(signature),
            "language": found.language,
            "intent": found.intent,
            "is_open": False,
            "rank": 0,
            "size": 0,
            "reasons": reasons_text(found.reasons),
            "last_at": found.at,
        }
        group_id = self._insert_unless(ReviewGroupRow, values, ReviewGroupRow.id)
        assert group_id is not None  # no unique constraint is in the way
        self._find_by_bands(group_id, signature)
        return group_id

    def _find_by_bands(self, group_id: int, signature: Signature) -> None:
        """Let a group be found by what is like it; once, however often it is said."""
        self._change(delete(ReviewBandRow).where(ReviewBandRow.group_id == group_id))
        keys = sorted(set(bands(signature)))
        self._insert(ReviewBandRow, *({"key": key, "group_id": group_id} for key in keys))

    def _set(
        self, group_id: int, now: Standing | None, size: int, rows: Sequence[ReviewRow]
    ) -> None:
        if now is None:
            self._change(delete(ReviewBandRow).where(ReviewBandRow.group_id == group_id))
            values: dict[str, Any] = {"is_open": False, "size": 0, "leader_id": None}
        else:
            leader = next(one for one in rows if one.id == now.leader.id)
            values = {
                "is_open": now.is_shown,
                "size": size,
                "leader_id": leader.id,
                "rank": now.rank,
                "reasons": reasons_text(now.reasons),
                "language": leader.language,
                "intent": leader.intent,
                "last_at": now.last_at,
            }
        self._change(update(ReviewGroupRow).where(ReviewGroupRow.id == group_id).values(values))


def _parts[T](values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[at : at + AT_ONCE] for at in range(0, len(values), AT_ONCE))
