"""Where a run is spread through joblib: over threads or processes of this machine, or over a dask cluster."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from service.core.i18n import Message, _
from service.exchange import engine

SEQUENTIAL, PROCESSES, THREADS, DASK = BACKENDS = ("sequential", "processes", "threads", "dask")
NAMES_OF_JOBLIB = {PROCESSES: "loky", THREADS: "threading", DASK: "dask"}
SHARDS_PER_JOB = 8
"""So many that the last to finish keeps nobody waiting long."""
CONNECT_SECONDS = 10

NO_EXTRA = _("A dask cluster needs the extra «cluster». Install it with: pip install 'podium[cluster]'.")
NO_SCHEDULER = _("Say where the scheduler of the cluster is, such as --scheduler tcp://10.0.0.1:8786.")
NOT_A_CLUSTER = _("Only the backend dask has a scheduler. Add --backend dask, or leave --scheduler out.")
NO_JOBS = _("Only the backends processes and threads have a number of jobs. Leave --jobs out.")
TOO_FEW_JOBS = _("The number of jobs must be 1 or more.")


class NoSuchBackend(Exception):
    """The run cannot be spread as asked; the sentence says what to change."""

    def __init__(self, sentence: Message) -> None:
        super().__init__(sentence.source)
        self.sentence = sentence


@contextmanager
def spread_over(backend: str, jobs: int | None, scheduler: str | None) -> Iterator[int | None]:
    """Inside, joblib uses this backend; gives how many shards a run is best parted into, None for no parting.

    Raises NoSuchBackend for options that do not go together and for a cluster that is not there.
    """
    _check(backend, jobs, scheduler)
    if backend == SEQUENTIAL:
        yield None
        return
    # Loaded here, for most commands need neither, and dask may not be installed.
    joblib = import_module("joblib")
    with ExitStack() as stack:
        where: dict[str, Any] = {"n_jobs": jobs or joblib.cpu_count()}
        if scheduler is not None:
            where = {"client": stack.enter_context(_client(scheduler))}
        stack.enter_context(joblib.parallel_config(NAMES_OF_JOBLIB[backend], **where))
        if backend == PROCESSES:
            # They would wait for more work for minutes.
            loky = import_module("joblib.externals.loky")
            stack.callback(lambda: loky.get_reusable_executor().shutdown(wait=True))
        yield SHARDS_PER_JOB * joblib.effective_n_jobs()


def _check(backend: str, jobs: int | None, scheduler: str | None) -> None:
    if backend not in BACKENDS:
        raise ValueError(f"no such backend: {backend}")
    if jobs is not None and backend not in {PROCESSES, THREADS}:
        raise NoSuchBackend(NO_JOBS)
    if jobs is not None and jobs < 1:
        raise NoSuchBackend(TOO_FEW_JOBS)
    if scheduler is not None and backend != DASK:
        raise NoSuchBackend(NOT_A_CLUSTER)
    if backend == DASK and find_spec("distributed") is None:
        raise NoSuchBackend(NO_EXTRA)
    if backend == DASK and scheduler is None:
        raise NoSuchBackend(NO_SCHEDULER)


@contextmanager
def _client(scheduler: str) -> Iterator[Any]:
    """A connection to a cluster of which every worker would compute the same as we."""
    distributed = import_module("distributed")
    try:
        client = distributed.Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoSuchBackend(_("No dask scheduler answers at %(address)s.", address=scheduler)) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise NoSuchBackend(
                _("The dask cluster at %(address)s has no worker.", address=scheduler)
            ) from error
        for worker, version in client.run(engine.version, on_error="return").items():
            if version != engine.version():
                raise NoSuchBackend(
                    _("The worker at %(address)s needs the same version of Podium as this.", address=worker)
                )
        yield client
