"""CPU time of a command and of all that it starts, whoever outlives whom."""

import ctypes
import os
import resource
import time

PR_SET_CHILD_SUBREAPER = 36
PATIENCE_S = 30


def adopt() -> None:
    """From here on orphans of what this process starts become its children, and are counted."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def spent() -> float:
    """CPU seconds of all that was started; waits for the end of what is still dying.

    Raises TimeoutError where something goes on: its time would be missing from the figure.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:  # there is none
            break
    else:
        raise TimeoutError(f"something still runs after {PATIENCE_S} s: its time would be missing")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
