"""Reshaping the distribution 1/2, 1/4, 1/8, 1/8, of which the logits are logarithms."""

import math

import torch

from autograder.testing import exercise, expect

LN2 = math.log(2)
OUT = -math.inf
EXACT_ENOUGH = 1e-6  # a few roundings of float32
LOGITS = torch.tensor([[-LN2, -2 * LN2, -3 * LN2, -3 * LN2]])


def logs(*probabilities):
    return torch.tensor([probabilities]).log()


# --- apply_temperature ------------------------------------------------------------------------


@exercise("generation.apply_temperature")
def test_logits_are_divided(student):
    """3 and -1 at temperature 2 are 1.5 and -0.5."""
    got = student.generation.apply_temperature(torch.tensor([[3.0, -1.0]]), 2.0)
    expect(got, torch.tensor([[1.5, -0.5]]), tolerance=EXACT_ENOUGH)


@exercise("generation.apply_temperature")
def test_cold_makes_the_likely_likelier(student):
    """Two tokens of 2 to 1 become 4 to 1 at temperature 1/2."""
    got = student.generation.apply_temperature(logs(2 / 3, 1 / 3), 0.5).softmax(-1)
    expect(got, torch.tensor([[4 / 5, 1 / 5]]), given="probabilities", tolerance=EXACT_ENOUGH)


@exercise("generation.apply_temperature")
def test_at_zero_only_the_largest_is_left(student):
    """At temperature 0 the largest logit becomes 0, also where it is there twice."""
    logits = torch.tensor([[1.0, 5.0, 2.0], [4.0, 3.0, 4.0]])
    got = student.generation.apply_temperature(logits, 0.0)
    expect(got, torch.tensor([[OUT, 0.0, OUT], [0.0, OUT, 0.0]]), tolerance=EXACT_ENOUGH)


# --- penalise ---------------------------------------------------------------------------------

# Token 2 stands in the prompt, token 0 was written once and token 1 twice.
TOKENS = torch.tensor([[2, 0, 1, 1]])


@exercise("generation.penalise")
def test_presence_counts_once(student):
    """Written tokens lose 0.5 each, whether they occur once or twice; the prompt is not written."""
    logits = torch.tensor([[3.0, 3.0, 3.0, 3.0]])
    got = student.generation.penalise(logits, TOKENS, 1, presence=0.5)
    expect(got, torch.tensor([[2.5, 2.5, 3.0, 3.0]]), tolerance=EXACT_ENOUGH)


@exercise("generation.penalise")
def test_frequency_counts_every_time(student):
    """A token that was written twice loses 0.5 twice."""
    logits = torch.tensor([[3.0, 3.0, 3.0, 3.0]])
    got = student.generation.penalise(logits, TOKENS, 1, frequency=0.5)
    expect(got, torch.tensor([[2.5, 2.0, 3.0, 3.0]]), tolerance=EXACT_ENOUGH)


@exercise("generation.penalise")
def test_repetition_divides_or_multiplies(student):
    """Repetition 2, once for each token of the text, the prompt's too: 4 → 2, and -1 → -2."""
    logits = torch.tensor([[4.0, -1.0, 6.0, 4.0]])
    got = student.generation.penalise(logits, TOKENS, 1, repetition=2.0)
    expect(got, torch.tensor([[2.0, -2.0, 3.0, 4.0]]), tolerance=EXACT_ENOUGH)


@exercise("generation.penalise")
def test_repetition_comes_first(student):
    """4 becomes 2 by repetition, and then 1.5 by presence; the other way it would be 1.75."""
    logits = torch.tensor([[4.0, 0.0]])
    got = student.generation.penalise(logits, torch.tensor([[0]]), presence=0.5, repetition=2.0)
    expect(got, torch.tensor([[1.5, 0.0]]), tolerance=EXACT_ENOUGH)


# --- top_k, top_p and min_p -------------------------------------------------------------------


@exercise("generation.top_k")
def test_two_of_four_stay(student):
    """The two largest logits stay as they are."""
    got = student.generation.top_k(torch.tensor([[1.0, 7.0, 3.0, 2.0]]), 2)
    expect(got, torch.tensor([[OUT, 7.0, 3.0, OUT]]), tolerance=EXACT_ENOUGH)


@exercise("generation.top_k")
def test_equals_of_the_last_stay(student):
    """The third largest is there twice: four stay."""
    got = student.generation.top_k(LOGITS, 3)
    expect(got, LOGITS, tolerance=EXACT_ENOUGH)


@exercise("generation.top_k")
def test_each_row_has_its_own(student):
    """Each row keeps its own largest logit."""
    got = student.generation.top_k(torch.tensor([[1.0, 2.0], [9.0, 8.0]]), 1)
    expect(got, torch.tensor([[OUT, 2.0], [9.0, OUT]]), tolerance=EXACT_ENOUGH)


@exercise("generation.top_p")
def test_as_few_as_reach_p(student):
    """1/2 + 1/4 is more than 0.7, so two of 1/2, 1/4, 1/8, 1/8 are enough."""
    got = student.generation.top_p(LOGITS, 0.7)
    expect(got, torch.tensor([[-LN2, -2 * LN2, OUT, OUT]]), tolerance=EXACT_ENOUGH)


@exercise("generation.top_p")
def test_the_one_that_reaches_p_stays(student):
    """0.1, 0.6 and 0.3 with p = 0.65: 0.6 is too little, so 0.3 stays as well."""
    logits = logs(0.1, 0.6, 0.3)
    got = student.generation.top_p(logits, 0.65)
    expect(got, logits.masked_fill(torch.tensor([[True, False, False]]), OUT), tolerance=1e-6)


@exercise("generation.top_p")
def test_one_always_stays(student):
    """With p = 0 the most probable token is left."""
    logits = logs(0.1, 0.6, 0.3)
    got = student.generation.top_p(logits, 0.0)
    expect(got, logits.masked_fill(torch.tensor([[True, False, True]]), OUT), tolerance=1e-6)


@exercise("generation.min_p")
def test_a_share_of_the_largest(student):
    """A third of 0.6 is 0.2: 0.3 stays, and 0.1 goes."""
    logits = logs(0.1, 0.6, 0.3)
    got = student.generation.min_p(logits, 1 / 3)
    expect(got, logits.masked_fill(torch.tensor([[True, False, False]]), OUT), tolerance=1e-6)


@exercise("generation.min_p")
def test_a_flat_distribution_keeps_all(student):
    """Where all are equally probable, each has the whole of the largest probability."""
    logits = torch.full((1, 5), -7.0)
    expect(student.generation.min_p(logits, 0.9), logits, tolerance=EXACT_ENOUGH)


@exercise("generation.min_p")
def test_zero_keeps_all(student):
    """p = 0 asks for nothing, and takes no logarithm of 0."""
    logits = torch.tensor([[0.0, -100.0]])
    expect(student.generation.min_p(logits, 0.0), logits, tolerance=EXACT_ENOUGH)


# --- next_distribution ------------------------------------------------------------------------

NOTHING = torch.zeros(1, 0, dtype=torch.long)


@exercise("generation.next_distribution")
def test_by_default_as_the_model_says(student):
    """Without settings the probabilities are the model's."""
    got = student.generation.next_distribution(LOGITS, NOTHING, student.generation.Sampling())
    expect(got, torch.tensor([[1 / 2, 1 / 4, 1 / 8, 1 / 8]]), tolerance=EXACT_ENOUGH)


@exercise("generation.next_distribution")
def test_temperature_comes_before_top_p(student):
    """At temperature 1/2 it is 16 : 4 : 1 : 1, so the first alone has more than 0.7."""
    sampling = student.generation.Sampling(temperature=0.5, top_p=0.7)
    got = student.generation.next_distribution(LOGITS, NOTHING, sampling)
    expect(got, torch.tensor([[1.0, 0.0, 0.0, 0.0]]), tolerance=EXACT_ENOUGH)


@exercise("generation.next_distribution")
def test_top_k_comes_before_top_p(student):
    """Of 1/2 and 1/4 alone the first has 2/3, which is enough for 0.6."""
    sampling = student.generation.Sampling(top_k=2, top_p=0.6)
    got = student.generation.next_distribution(LOGITS, NOTHING, sampling)
    expect(got, torch.tensor([[1.0, 0.0, 0.0, 0.0]]), tolerance=EXACT_ENOUGH)


@exercise("generation.next_distribution")
def test_penalties_come_first(student):
    """Minus ln 2 makes 1/2 as probable as 1/4; at temperature 1/2 it is 4 : 4 : 1 : 1."""
    sampling = student.generation.Sampling(temperature=0.5, presence=LN2)
    got = student.generation.next_distribution(LOGITS, torch.tensor([[0, 0]]), sampling)
    expect(got, torch.tensor([[4 / 10, 4 / 10, 1 / 10, 1 / 10]]), tolerance=EXACT_ENOUGH)
