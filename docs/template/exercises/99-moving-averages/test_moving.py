"""Moving averages: examples that you can check by hand."""

from autograder.testing import exercise, expect


@exercise("moving.moving_average")
def test_averages_the_last_two_values(student):
    """For 3, 5, 1 and a width of 2: 3 alone, then 3 and 5, then 5 and 1."""
    expect(student.moving.moving_average([3.0, 5.0, 1.0], 2), [3.0, 4.0, 3.0])


@exercise("moving.moving_average")
def test_a_width_of_one_changes_nothing(student):
    """Each mean is over one value, the value itself."""
    expect(student.moving.moving_average([2.0, 7.0, 4.0], 1), [2.0, 7.0, 4.0])
