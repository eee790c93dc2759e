"""Every job on two gateways at once does what it does on one: nothing twice, nothing left out.

The same busy shop is met by one gateway, and then by two that look at the same moment and act
only when both have looked. After each job both databases hold as many rows, table by table.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise
from threading import Barrier, BrokenBarrierError

import pytest
from structlog.testing import capture_logs

from amends.storage import Database, SqlUnitOfWork
from amends.wiring.app import App
from amends.wiring.jobs import JOBS, Job
from tests.scale.busy_shop import Busy, busy_shop, gateway_beside

pytestmark = pytest.mark.xdist_group("jobs-at-once")  # they share what takes long to make

MEETING_SECONDS = 20.0
DID_SOMETHING = {
    "issue_remedies",
    "expire_offers",
    "mark_broken_promises",
    "meet_silence",
    "score_conversations",
    "fill_review_queue",
    "deliver_webhooks",
    "tell_help_desk",
    "answer_access_requests",
    "send_mails",
    "check_in_by_mail",
    "erase_what_is_past",
    "index_cases",
    "tell_late",
    "take_away_chats",
}

type Rows = dict[str, Counter[str]]


class Looks(SqlUnitOfWork):
    """A first look, at whose end both gateways wait for each other."""

    meeting: Barrier

    def __exit__(self, *error: object) -> None:
        super().__exit__(*error)
        with suppress(BrokenBarrierError):
            self.meeting.wait(MEETING_SECONDS)


class MeetingDatabase(Database):
    """Meets the other gateway after its first look, if the job looks at all before it writes."""

    meeting: Barrier | None = None

    def read(self) -> SqlUnitOfWork:
        if self.meeting is None:
            return super().read()
        look = Looks(self._read_sessions)
        look.meeting, self.meeting = self.meeting, None
        return look


def alone(busy: Busy, job: Job) -> None:
    _run(busy.shop.app, job)


def at_once(gateways: list[App], job: Job) -> None:
    start, meeting = Barrier(len(gateways)), Barrier(len(gateways))

    def run(app: App) -> None:
        assert isinstance(app.db, MeetingDatabase)
        app.db.meeting = meeting
        start.wait(MEETING_SECONDS)
        try:
            _run(app, job)
        finally:
            meeting.abort()  # a job that reads nothing, or only here, keeps nobody waiting

    with ThreadPoolExecutor(len(gateways)) as pool:
        list(pool.map(run, gateways))


def _run(app: App, job: Job) -> None:
    job.run(app)
    assert app.lanes.idle(60)


@pytest.fixture(scope="module")
def rows(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Rows, Rows, list[str]]:
    """Return the rows after each job, of one gateway and of two, and what the two complained of."""
    one, two, before = {}, {}, {}
    with busy_shop(postgres_url, tmp_path_factory.mktemp("one")) as busy:
        before["before"] = busy.rows()
        for job in JOBS:
            alone(busy, job)
            one[job.name] = busy.rows()
    with busy_shop(postgres_url, tmp_path_factory.mktemp("two")) as busy, capture_logs() as log:
        assert busy.rows() == before["before"]
        secret = busy.shop.app.settings.site_secret.get_secret_value()
        databases = [MeetingDatabase(busy.url, secret) for _ in range(2)]
        gateways = [gateway_beside(busy, db) for db in databases]
        for job in JOBS:
            at_once(gateways, job)
            two[job.name] = busy.rows()
        for db in databases:
            db.close()
    complaints = [str(line) for line in log if line["log_level"] in ("error", "critical")]
    return {**before, **one}, two, complaints


class TestJobs:
    @pytest.mark.parametrize("job", [job.name for job in JOBS])
    def test_given_two_gateways_when_both_run_a_job_then_as_if_one_had(self, rows, job):
        one, two, _ = rows

        assert two[job] - one[job] == Counter(), "done twice"
        assert one[job] - two[job] == Counter(), "left out"

    def test_given_the_busy_shop_then_the_jobs_had_something_to_do(self, rows):
        one, _, _ = rows
        names = list(one)

        changed = {name for before, name in pairwise(names) if one[before] != one[name]}
        assert changed >= DID_SOMETHING

    def test_given_two_gateways_then_neither_fails_at_anything(self, rows):
        assert rows[2] == []
