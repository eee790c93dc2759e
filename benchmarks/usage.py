"""What the processes of a fleet use: processor time, memory, bytes on disk (Linux's /proc)."""

import os
from pathlib import Path

import psycopg

from benchmarks.installation import PARTS
from benchmarks.processes import TICKS_PER_SECOND, Json, children, resident_mb
from tests.support.fleet import Fleet

DATABASES = ("amends", "tracker")


def machine_seconds() -> dict[str, float]:
    """Return the processor seconds of the whole machine since its start: busy, and taken away.

    What a virtual machine's host gives to others is `taken_away`.
    """
    first = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _, _, irq, softirq, steal = (int(n) for n in first.split()[1:9])
    busy = user + nice + system + irq + softirq
    return {"busy": busy / TICKS_PER_SECOND, "taken_away": steal / TICKS_PER_SECOND}


def cpu_seconds_by_part(fleet: Fleet) -> dict[str, float]:
    """Return the processor seconds that each kind of process has used so far."""
    found = {part: sum(map(_cpu, pids)) for part, pids in _processes(fleet).items()}
    # Of connections that were closed PostgreSQL's first process knows what they used.
    found["postgresql"] += _of_ended_children(_postmaster(fleet))
    return found


def memory_mb(fleet: Fleet) -> Json:
    """Return resident memory: each engine and gateway, Redis, and PostgreSQL as a whole.

    PostgreSQL's processes share most of theirs, which is counted once.
    """
    processes = _processes(fleet)
    postgres = processes.pop("postgresql")
    found: Json = {part: [resident_mb(pid) for pid in pids] for part, pids in processes.items()}
    found["postgresql"] = round(sum(map(_own_share_mb, postgres)), 1)
    found["postgresql_processes"] = len(postgres)
    return found


def database_facts(fleet: Fleet) -> Json:
    """Return bytes and open connections of each database, and the server's version."""
    found: Json = {}
    with psycopg.connect(plain_url(fleet), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        for name in DATABASES:
            row = connection.execute(
                "SELECT pg_database_size(%s),"
                " (SELECT count(*) FROM pg_stat_activity WHERE datname = %s)",
                (name, name),
            ).fetchone()
            assert row is not None
            found[name] = {"bytes": row[0], "connections": row[1]}
        found["server"] = connection.info.parameter_status("server_version")
        counted = connection.execute("SELECT count(*) FROM conversations").fetchone()
        assert counted is not None
        found["conversations"] = counted[0]
    return found


def plain_url(fleet: Fleet) -> str:
    """Return where the database is, without the driver that SQLAlchemy is told of."""
    return fleet.postgres.url("amends").replace("+psycopg", "")


def _processes(fleet: Fleet) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"engine": [], "gateway": []}
    for machine in fleet.machines.values():
        if machine.process is not None:
            running = children(machine.process.pid).items()
            found[machine.part] += [pid for pid, told in running if PARTS[machine.part] in told]
    postmaster = _postmaster(fleet)
    assert fleet.redis.process is not None
    found["postgresql"] = [postmaster, *_connections(postmaster)]
    found["redis"] = [fleet.redis.process.pid]
    return found


def _connections(postmaster: int) -> list[int]:
    listed = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text()
    return [int(pid) for pid in listed.split()]


def _postmaster(fleet: Fleet) -> int:
    assert fleet.postgres.process is not None
    return fleet.postgres.process.pid


def _cpu(pid: int) -> float:
    return sum(_times(pid)[:2])


def _of_ended_children(pid: int) -> float:
    return sum(_times(pid)[2:])


def _times(pid: int) -> list[float]:
    """Return seconds as user and for the system, of the process and of its ended children."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    except OSError:  # a connection that has just been closed
        return [0.0] * 4
    return [int(field) / TICKS_PER_SECOND for field in fields[11:15]]


def _own_share_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # a connection that has just been closed
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def cores() -> int:
    return len(os.sched_getaffinity(0))
