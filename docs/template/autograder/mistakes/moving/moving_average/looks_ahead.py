"""The window begins at its value instead of ending there.

A mean may use what came before, not what is still to come: a loss of step 100 says nothing about
what was known at step 90.
"""

from langmodels.moving import *


def moving_average(values, width):
    windows = [values[i : i + width] for i in range(len(values))]
    return [sum(window) / len(window) for window in windows]
