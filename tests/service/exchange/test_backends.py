"""`podium match --backend`: processes, threads or a real dask cluster write the same file, byte for byte."""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import LocalCluster

import matching
from service.exchange import backends
from tests.service.exchange.desk import Desk, offer, youth

NOBODY = "tcp://127.0.0.1:9"


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two worker processes and a scheduler, on this machine and nowhere else."""
    with local_cluster(workers=2) as cluster:
        yield cluster


def local_cluster(workers: int) -> LocalCluster:
    return LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    )


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """Youths who wish different things, some with nothing in reach, and what `match` alone makes of them."""
    wishes = ("nurse|cook", "", "HORECA", "baker")
    desk.write(
        [
            youth(external_id=f"youth-{n:02}", wishes=wishes[n % 4], pc4=("1068", "9711")[n % 9 == 0])
            for n in range(40)
        ],
        [
            offer(external_id=f"offer-{n}", tags=("cook", "baker", "")[n % 3], pc4=("1064", "1068")[n % 2])
            for n in range(30)
        ],
    )
    assert desk.match("--gaps", str(desk.folder / "gaps.csv")).code == 0
    return desk


def assert_same(desk: Desk, *options: str) -> None:
    """The same words on the screen, the same bytes in both files."""
    files = ("matches.csv", "gaps.csv")
    alone = [(desk.folder / name).read_bytes() for name in files]
    assert all(len(content) > 100 for content in alone)
    told_alone = desk.match("--gaps", str(desk.folder / "gaps.csv"))
    for name in files:
        (desk.folder / name).unlink()

    told = desk.match("--gaps", str(desk.folder / "gaps.csv"), *options)

    assert told == told_alone
    assert [(desk.folder / name).read_bytes() for name in files] == alone


def test_it_works_over_a_cluster(filled: Desk, cluster: LocalCluster) -> None:
    assert_same(filled, "--backend", "dask", "--scheduler", cluster.scheduler_address)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_it_works_over_processes(filled: Desk, jobs: str) -> None:
    assert_same(filled, "--backend", "processes", "--jobs", jobs)


def test_it_works_over_threads(filled: Desk) -> None:
    assert_same(filled, "--backend", "threads")


def test_sequential_is_what_happens_anyway(filled: Desk) -> None:
    assert_same(filled, "--backend", "sequential")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--backend", "dask"), "Zeg waar de scheduler van het cluster is"),
        (("--scheduler", NOBODY), "Alleen de backend dask heeft een scheduler."),
        (("--backend", "threads", "--scheduler", NOBODY), "Alleen de backend dask heeft een scheduler."),
        (("--jobs", "2"), "Alleen de backends processes en threads hebben een aantal jobs."),
        (("--backend", "dask", "--scheduler", NOBODY, "--jobs", "2"), "Alleen de backends"),
        (("--backend", "processes", "--jobs", "0"), "Het aantal jobs moet 1 of meer zijn."),
        (("--backend", "dask", "--scheduler", NOBODY), f"Er antwoordt geen dask-scheduler op {NOBODY}."),
        (
            ("--backend", "dask", "--scheduler", "pigeon://coop"),
            "Er antwoordt geen dask-scheduler op pigeon://coop.",
        ),
    ],
)
def test_options_that_do_not_go_together(desk: Desk, options: tuple[str, ...], sentence: str) -> None:
    desk.write()

    told = desk.match(*options, language="nl")

    assert told.code == 2
    assert told.err.startswith(f"podium: {sentence}")
    assert told.out == ""
    assert not desk.out.exists()


def test_an_unknown_backend_is_an_error(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.write()

    with pytest.raises(SystemExit) as ended:
        desk.match("--backend", "carrier-pigeon")

    assert ended.value.code == 2
    assert "invalid choice: 'carrier-pigeon'" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write()
    found = importlib.util.find_spec
    monkeypatch.setattr(backends, "find_spec", lambda name: None if name == "distributed" else found(name))

    told = desk.match("--backend", "dask", "--scheduler", NOBODY)

    assert told.code == 2
    assert "pip install 'podium[cluster]'" in told.err


def test_a_cluster_without_workers_is_no_cluster(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write()
    monkeypatch.setattr(backends, "CONNECT_SECONDS", 1)

    with local_cluster(workers=0) as empty:
        told = desk.match("--backend", "dask", "--scheduler", empty.scheduler_address)

    assert told.code == 2
    assert told.err.startswith(f"podium: The dask cluster at {empty.scheduler_address} has no worker.")


def test_workers_must_compute_what_we_compute(
    desk: Desk, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine gives other answers; a worker without Podium gives none."""
    desk.write()
    monkeypatch.setattr(matching, "ENGINE_VERSION", "another")

    told = desk.match("--backend", "dask", "--scheduler", cluster.scheduler_address)

    assert told.code == 2
    assert "needs the same version of Podium" in told.err


def test_the_extra_is_what_is_looked_for() -> None:
    page = (Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8")

    assert 'cluster = ["dask[distributed]' in page
