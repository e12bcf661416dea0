"""The window holds one value too many.

From t - width to t there are width + 1 values.
"""

from langmodels.moving import *


def moving_average(values, width):
    windows = [values[max(0, i - width) : i + 1] for i in range(len(values))]
    return [sum(window) / len(window) for window in windows]
