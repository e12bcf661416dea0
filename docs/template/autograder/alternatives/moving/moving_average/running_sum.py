"""One running sum: the newest value comes in, the oldest goes out."""

from langmodels.moving import *


def moving_average(values, width):
    means, total = [], 0.0
    for i, value in enumerate(values):
        total += value
        if i >= width:
            total -= values[i - width]
        means.append(total / min(i + 1, width))
    return means
