"""The result is turned: features come before positions.

Joining H and K where they stand gives (B, H·K, T), if T is moved to the end first. Positions stand
before features everywhere in this course.
"""

from langmodels.attention import *


def merge_heads(x):
    return x.movedim(-2, -1).flatten(-3, -2)
