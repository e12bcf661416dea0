"""Beam search where greed does not pay. Token 0 ends a text; 1 is the prompt.

After 1:  2 with 0.6,  3 with 0.4
After 2:  each of 2, 3, 0 with about a third, 0.36 for 0
After 3:  0 with 0.9, 2 with 0.1
"""

import math

import torch

from autograder.student import read
from autograder.testing import exercise, expect

TABLE = torch.tensor(
    [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.6, 0.4], [0.36, 0.0, 0.32, 0.32], [0.9, 0.0, 0.1, 0.0]]
).log()
CLOSE = 1e-6


@exercise("generation.beam_search")
def test_a_beam_of_one_is_greedy(student):
    """2 is the likeliest token and 0 after it, with 0.6 · 0.36 in all."""
    model = student.support.Table(TABLE)
    got = student.generation.beam_search(model, [1], 1, 5, eos=0, length_penalty=0.0)
    expect(got, [[[2, 0], math.log(0.6 * 0.36)]], tolerance=CLOSE)


@exercise("generation.beam_search")
def test_a_wider_beam_finds_better(student):
    """3 0 has 0.4 · 0.9 = 0.36, more than the 0.216 of 2 0."""
    model = student.support.Table(TABLE)
    got = student.generation.beam_search(model, [1], 2, 5, eos=0, length_penalty=0.0)
    expected = [[[3, 0], math.log(0.4 * 0.9)], [[2, 0], math.log(0.6 * 0.36)]]
    expect(got, expected, tolerance=CLOSE)


@exercise("generation.beam_search")
def test_scores_are_divided_by_the_length(student):
    """The score of two tokens is half of their log-probability."""
    model = student.support.Table(TABLE)
    got = student.generation.beam_search(model, [1], 2, 2, eos=0)
    expect(got[0], [[3, 0], math.log(0.4 * 0.9) / 2], tolerance=CLOSE)


@exercise("generation.beam_search")
def test_all_open_texts_in_one_call(student):
    """One text of one token, then two of two, and then nothing can become better."""
    model = student.support.Table(TABLE)
    student.generation.beam_search(model, [1], 2, 5, eos=0, length_penalty=0.0)
    expect(read(model, "fed"), [[1, 1], [2, 2]], given="rows and tokens of each call")
