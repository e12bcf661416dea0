"""Dies of a signal that has no name, while it is imported."""

import os

os.kill(os.getpid(), 41)
