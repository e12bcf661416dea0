"""Lists processes and reads their command lines: names and paths of the graders."""

from pathlib import Path

from target import ROOT


def attack(sentences, order):
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if ROOT.encode() in path.read_bytes():
                return True
        except OSError as error:
            print(error)
    return False
