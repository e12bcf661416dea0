"""Prints a hundred megabytes while it is imported."""

import sys

for _ in range(100):
    sys.stderr.write("x" * 10**6)
