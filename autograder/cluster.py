"""Grading on many machines: the workers of a Dask cluster, wherever Dask can start them.

A submission's files travel to a worker as bytes, its result comes back as JSON. Workers that must
not grade, because boxes do not hold there or their tests are others, refuse, and another one does
it. If a worker dies, Dask gives its submissions to others. Nothing but data of ours crosses:
a submission's code runs in boxes of the worker's, never in the worker.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from autograder.grade import EXAMINER_DIED, Crew, FaultError, Hire, RunBrokenOffError
from autograder.project import Project
from autograder.remote import Reply, Request, receive, send, versions
from autograder.results import SubmissionResult

if TYPE_CHECKING:
    import distributed

CONNECT_S = 10
COUNT_S = 5  # how long the number of workers is taken to stay the same


class ClusterError(RunBrokenOffError):
    """The cluster cannot be used; the message says why, and what to do."""


def hire(
    project: Project,
    address: str,
    unsafe: bool = False,
    device: str = "",
    warn: Callable[[str], None] = lambda message: None,
) -> Hire:
    """The workers of the scheduler at `address`; with a `device` those that have a GPU.

    `warn` is told of workers that refuse. Raises ClusterError where nobody answers there.
    """

    @contextmanager
    def crew(ids: list[str], seed: int) -> Iterator[Crew]:
        request = Request(*({}, ids, seed, project.rules_digest(), versions(), unsafe, device))
        with _connected(address) as client:
            workers = _Workers(client, address, request, warn)
            yield Crew(workers.submit, workers.width)

    return crew


@contextmanager
def _connected(address: str) -> "Iterator[distributed.Client]":
    try:
        import distributed
    except ImportError:
        raise ClusterError(
            "--scheduler needs Dask: uv pip install 'distributed', or the extra cluster"
        ) from None
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is said by us
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({type(error).__name__}); start one with "
            "dask scheduler, and give the address that it prints"
        ) from None
    try:
        yield client
    finally:
        client.close(timeout=COUNT_S)


class _Workers:
    """The cluster as the queue sees it."""

    def __init__(
        self,
        client: "distributed.Client",
        address: str,
        request: Request,
        warn: Callable[[str], None],
    ) -> None:
        self._client, self._address = client, address
        self._request, self._warn = request, warn
        self._resources = {"GPU": 1} if request.device else None
        self._refusals: dict[str, str] = {}  # by the worker's address
        self._sent: set[distributed.Future[Any]] = set()  # what is let go, Dask forgets
        self._threads, self._counted = 0, 0.0
        if not self._offering():
            what = "worker that offers a GPU" if request.device else "worker"
            warn(f"no {what} has come to {address} yet; waiting for one (Ctrl-C stops)")

    def width(self) -> int:
        """Two for each thread: nobody waits for the next."""
        if time.monotonic() > self._counted + COUNT_S:
            self._counted = time.monotonic()
            with suppress(OSError):  # a lost scheduler is noticed with what was sent
                self._threads = sum(self._client.nthreads().values())
        return 2 * max(self._threads, 1)

    def _offering(self) -> list[str]:
        """The workers that have what it takes, and have not refused."""
        workers = self._client.scheduler_info().get("workers", {})  # none of a lost scheduler
        return [
            address
            for address, worker in workers.items()
            if address not in self._refusals
            and (not self._resources or worker["resources"].get("GPU", 0) >= 1)
        ]

    def submit(self, path: Path, files: dict[str, bytes]) -> Future[SubmissionResult]:
        """Have a submission graded somewhere."""
        request = msgspec.structs.replace(self._request, files=files)
        promised: Future[SubmissionResult] = Future()
        self._send(path.name, msgspec.msgpack.encode(request), promised)
        return promised

    def _send(self, name: str, request: bytes, promised: Future[SubmissionResult]) -> None:
        if self._client.status != "running":
            raise self._lost()
        # Rather these; but if they go away, any other may try.
        workers = self._offering() if self._refusals else []
        sent = self._client.submit(
            *(grade_there, request),
            pure=False,
            resources=self._resources,
            workers=workers or None,
            allow_other_workers=bool(workers),
        )
        self._sent.add(sent)
        sent.add_done_callback(lambda done: self._receive(done, name, request, promised))

    def _receive(
        self,
        done: "distributed.Future[Any]",
        name: str,
        request: bytes,
        promised: Future[SubmissionResult],
    ) -> None:
        """In Dask's thread: keep the promise, or ask another worker."""
        try:
            self._sent.discard(done)
            if (found := self._found(done)) is not None:
                found.name = name
                promised.set_result(found)
            else:
                self._send(name, request, promised)
        except BaseException as error:
            promised.set_exception(error)

    def _found(self, done: "distributed.Future[Any]") -> SubmissionResult | None:
        """What a worker says; None if another one is to be asked."""
        from distributed.scheduler import KilledWorker

        if done.status == "error":
            error = done.exception()
            if isinstance(error, KilledWorker):
                raise FaultError(EXAMINER_DIED)
            raise FaultError(
                f"a worker could not begin ({type(error).__name__}: {error}): "
                "is the course installed there?"
            )
        if done.status != "finished":
            raise self._lost()
        worker, data = done.result()
        reply = msgspec.msgpack.decode(data, type=Reply)
        if reply.result:
            return msgspec.json.decode(reply.result, type=SubmissionResult)
        if reply.fault:
            raise FaultError(reply.fault)
        if worker not in self._refusals:
            self._warn(f"the worker at {worker} grades nothing: {reply.refusal}")
        self._refusals[worker] = reply.refusal
        if not self._offering():
            raise FaultError(f"no worker may grade; the one at {worker}: {reply.refusal}")
        return None

    def _lost(self) -> ClusterError:
        return ClusterError(
            f"the connection to the scheduler at {self._address} was lost; what is finished is "
            "kept, and the same command goes on with the rest"
        )


# --- On the worker's machine ---------------------------------------------------------------------


_mine = threading.local()


def grade_there(request: bytes) -> tuple[str, bytes]:
    """The worker's task: have this thread's examiner answer. The worker's address, and a Reply."""
    from distributed import get_worker

    for _ in range(2):  # somebody may have killed an examiner, and does so once
        if not hasattr(_mine, "examiner"):
            _mine.examiner = _examiner()
        try:
            send(_mine.examiner.stdin, request)
            reply = receive(_mine.examiner.stdout)
        except BrokenPipeError:
            reply = None
        if reply is not None:
            return get_worker().address, reply
        _mine.examiner.kill()
        _mine.examiner.wait()
        del _mine.examiner
    return get_worker().address, msgspec.msgpack.encode(Reply(fault=EXAMINER_DIED))


def _examiner() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", "autograder.remote", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # signals of the terminal are for the worker
    )
