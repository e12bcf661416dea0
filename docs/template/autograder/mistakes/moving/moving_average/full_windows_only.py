"""Only full windows are averaged.

The first width - 1 values have a mean as well, over fewer values; without them the result is
shorter than the series, and no longer stands below it in a plot.
"""

from langmodels.moving import *


def moving_average(values, width):
    return [sum(values[i : i + width]) / width for i in range(len(values) - width + 1)]
