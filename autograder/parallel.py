"""Examiners side by side, one process each."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def examiners(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes; when the work is broken off, what has not begun is dropped."""
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
