"""Moving averages against exact fractions."""

from fractions import Fraction

from autograder.testing import exercise, expect


def means(values, width):
    """The definition, in exact numbers."""
    exact = [Fraction(value) for value in values]
    windows = [exact[max(0, end - width) : end] for end in range(1, len(exact) + 1)]
    return [float(sum(window) / len(window)) for window in windows]


def series(rng, n):
    return [rng.uniform(1, 9) for _ in range(n)]


@exercise("moving.moving_average", weight=2)
def test_every_mean_is_that_of_its_window(student, rng):
    """Each value is replaced by the mean of itself and of those before it, up to the width."""
    for n, width in ((3, 2), (7, 3), (12, 5), (30, 4)):
        values = series(rng, n)
        expect(student.moving.moving_average(values, width), means(values, width), tolerance=1e-9)


@exercise("moving.moving_average")
def test_a_width_beyond_the_series_averages_all_so_far(student, rng):
    """A window wider than the series holds all values up to its end."""
    for n in (2, 5):
        values = series(rng, n)
        expect(student.moving.moving_average(values, n + 3), means(values, n + 3), tolerance=1e-9)
