"""The most probable token is taken.

That is greedy, not sampling: the mark is not looked at, and every text is the same.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    return probabilities.argmax(-1)
