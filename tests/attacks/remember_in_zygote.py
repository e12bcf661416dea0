"""Leaves notes in memory that all boxes may share: modules, interned objects, shared pages."""

import gc
import math
import sys

from target import MARK

math.note = getattr(math, "note", 0) + 1
sys.note = getattr(sys, "note", 0) + 1
sys.intern(MARK)


def attack(sentences, order):
    for thing in gc.get_objects():
        if type(thing) is list and f"{MARK}-note" in thing[:1]:
            return True
    gc.get_referrers(math)[0].setdefault("note", [f"{MARK}-note"])
    return math.note > 1 or sys.note > 1
