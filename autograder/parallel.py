"""Examiners side by side, one process each."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from autograder.sandbox import die_with


@contextmanager
def examiners(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes, which end with this one; broken off, they are killed at once."""
    # Forks have this process for their parent, and know which layers of isolation it has proven.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else None)
    with ProcessPoolExecutor(jobs, context, _begin, (os.getpid(),)) as pool:
        try:
            yield pool
        except BaseException:
            for process in multiprocessing.active_children():
                process.kill()  # its zygote and boxes end with it
            # Waits for the pool's own thread, which else may close a line that Python's exit uses.
            pool.shutdown(cancel_futures=True)
            raise


def _begin(grader: int) -> None:
    """In an examiner: Ctrl-C is for the grader to deal with, SIGTERM ends it on the spot."""
    die_with(grader)
    os.environ["OMP_NUM_THREADS"] = "1"  # examiners share the processors, and threads would wait
    # Not SIG_IGN, which its zygote would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
