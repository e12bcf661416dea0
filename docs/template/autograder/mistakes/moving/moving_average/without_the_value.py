"""The value itself is left out.

The window ends with the value that it replaces. Without it the mean lags one step behind.
"""

from langmodels.moving import *


def moving_average(values, width):
    windows = [values[max(0, i - width) : i] or values[:1] for i in range(len(values))]
    return [sum(window) / len(window) for window in windows]
