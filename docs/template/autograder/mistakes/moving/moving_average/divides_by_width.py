"""Every sum is divided by the width.

At the start a window holds fewer values than its width; dividing by the width pulls those means
towards zero.
"""

from langmodels.moving import *


def moving_average(values, width):
    ends = range(1, len(values) + 1)
    return [sum(values[max(0, end - width) : end]) / width for end in ends]
