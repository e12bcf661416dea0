"""Starts programs: subprocess, system, popen, posix_spawn, pty."""

import os
import pty
import subprocess
import sys

from target import any_works


def attack(sentences, order):
    def system():
        if os.system("true"):
            raise OSError("system")

    return any_works(
        lambda: subprocess.run(["/bin/true"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "1"], check=True),
        lambda: os.popen("echo x").read() == "x\n",
        system,
        lambda: os.posix_spawn("/bin/true", ["true"], {}),
        lambda: pty.spawn(["/bin/true"]),
    )
