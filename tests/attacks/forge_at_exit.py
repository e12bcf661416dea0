"""Forges its results when the process ends: atexit, __del__, a thread that outlives main."""

import atexit
import threading
import time
from pathlib import Path

from target import DROP, MARK


def forge():
    Path(DROP, f"{MARK}-late").write_text("score: 99")


class Late:
    def __del__(self):
        forge()


late = Late()
atexit.register(forge)
threading._register_atexit(forge)
threading.Thread(target=lambda: [time.sleep(0.2), forge()], daemon=False).start()
