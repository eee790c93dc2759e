"""Several processes start at once and must agree on one secret."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from amends.wiring.secrets import derive_secret, load_or_create_secret


def test_given_many_starting_at_once_then_all_hold_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: load_or_create_secret(tmp_path / "secret"), range(64)))

    assert len(set(found)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_given_two_purposes_then_secrets_differ_and_stay() -> None:
    assert derive_secret("s" * 32, "staff sessions") == derive_secret("s" * 32, "staff sessions")
    assert derive_secret("s" * 32, "staff sessions") != derive_secret("s" * 32, "choices")
    assert derive_secret("s" * 32, "choices") != derive_secret("t" * 32, "choices")
