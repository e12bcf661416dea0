"""Opens files until no descriptor is left, while it is imported."""

import os

kept = []
try:
    while len(kept) < 100_000:
        kept.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error:
    print(len(kept), error)
