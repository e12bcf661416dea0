"""Moving averages: a noisy series, each value replaced by the mean of the last few.

A training loss jumps from step to step; its moving average shows where it goes.

Letters: n values, width w, y_t the mean of x_{t-w+1} … x_t.

Source: any book on time series; here it stands for the paper of your chapter.
"""

from collections.abc import Sequence


def moving_average(values: Sequence[float], width: int) -> list[float]:
    """The mean of each value and the width - 1 values before it.

    At the start, where fewer values came before, the mean is over those that there are.

    Args:
        values: the series, oldest first; may be empty.
        width: how many values a mean looks at, at least 1.

    Returns:
        As many means as there are values.
    """
    # BEGIN SOLUTION
    windows = (values[max(0, end - width) : end] for end in range(1, len(values) + 1))
    return [sum(window) / len(window) for window in windows]
    # END SOLUTION
