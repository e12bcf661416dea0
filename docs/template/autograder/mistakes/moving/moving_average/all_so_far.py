"""The window never lets go of its oldest value.

That is the mean of everything so far. It moves less and less, however the series goes on.
"""

from langmodels.moving import *


def moving_average(values, width):
    return [sum(values[:end]) / end for end in range(1, len(values) + 1)]
