"""Sleeps while it is imported: each test would pay for it."""

import time

time.sleep(1000)
