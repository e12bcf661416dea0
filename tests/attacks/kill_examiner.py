"""Kills the examiner: its parent's parent, found in /proc."""

import os
import signal
from pathlib import Path

status = Path(f"/proc/{os.getppid()}/status").read_text()
examiner = int(status.split("PPid:")[1].split()[0])
os.kill(examiner, signal.SIGKILL)
