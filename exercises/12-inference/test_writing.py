"""Reading and writing with a model that adds up all digits so far, and says the last digit.

1 2   is followed by   3   (1 + 2)
1 2 3                  6   (1 + 2 + 3)
1 2 3 6                2   (1 + 2 + 3 + 6 = 12)
1 2 3 6 2              4   (14)
"""

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect

SIZES = {"vocabulary": 10, "width": 2, "n_layers": 1, "n_heads": 1}


# --- prefill ----------------------------------------------------------------------------------


@exercise("inference.prefill")
def test_what_follows_each_prompt(student):
    """1 2 is followed by 3, and 5 by 5, although it stands beside a longer prompt."""
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 2, 4)
    logits = student.inference.prefill(student.support.Adder(), [[1, 2], [5]], cache)
    expect(logits.argmax(-1), torch.tensor([3, 5]), given="the most probable next digits")
    expect(list(logits.shape), [2, 10], given="the shape of the logits")


@exercise("inference.prefill")
def test_padding_is_not_remembered(student):
    """One more digit: 1 2 3 makes 6, and 5 4 makes 9, with no padding between them."""
    adder = student.support.Adder()
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 2, 4)
    student.inference.prefill(adder, [[1, 2], [5]], cache)
    logits = adder(torch.tensor([[3], [4]]), cache)
    expect(logits[:, 0].argmax(-1), torch.tensor([6, 9]), given="the most probable next digits")


@exercise("inference.prefill")
def test_all_prompts_in_one_call(student):
    """Three rows, the longest with 4 digits: one call with 3 × 4 tokens."""
    cache = student.inference.KVCache(student.models.DecoderConfig(**SIZES), 3, 4)
    with measured(student) as cost:
        student.inference.prefill(student.support.Adder(), [[1, 2], [5], [1, 1, 1, 1]], cache)
    expect(cost.tokens, [12], given="the tokens that each model call is fed")


# --- generate ---------------------------------------------------------------------------------


@exercise("inference.generate")
def test_adds_up_its_own_digits(student):
    """After 1 2 come 3, 6, 2 and 4; after 5 come 5, 0, 0 and 0."""
    got = student.inference.generate(student.support.Adder(), [[1, 2], [5]], 4)
    expect(got, [[3, 6, 2, 4], [5, 0, 0, 0]])


@exercise("inference.generate")
def test_ends_with_a_stop_token(student):
    """6 ends the first row, and belongs to it; the second row goes on until its 0."""
    got = student.inference.generate(student.support.Adder(), [[1, 2], [5]], 4, stop={6, 0})
    expect(got, [[3, 6], [5, 0]])


@exercise("inference.generate")
def test_every_token_is_fed_once(student):
    """Two rows of two digits, then one new digit a row; the last is not fed."""
    with measured(student) as cost:
        student.inference.generate(student.support.Adder(), [[1, 2], [5]], 4)
    expect(cost.tokens, [4, 2, 2, 2], given="the tokens that each model call is fed")


# --- continuous_batching ----------------------------------------------------------------------


@exercise("inference.continuous_batching")
def test_three_requests_for_two_rows(student):
    """After 1 2 come 3 6 2 4, after 5 comes 5, and after 1 1 1 come 3 and 6."""
    request = student.inference.Request
    requests = [request([1, 2], 4), request([5], 1), request([1, 1, 1], 2)]
    got = student.inference.continuous_batching(student.support.Adder(), requests, 2, 5)
    expect(got, [[3, 6, 2, 4], [5], [3, 6]])


@exercise("inference.continuous_batching")
def test_the_next_request_takes_the_free_row(student):
    """The second request is done after one step; the third is read then, and the first goes on."""
    request = student.inference.Request
    requests = [request([1, 2], 4), request([5], 2), request([1, 1, 1], 3)]
    with measured(student) as cost:
        student.inference.continuous_batching(student.support.Adder(), requests, 2, 5)
    given = "the tokens of each model call: prompts of 2 and 1, a step, a prompt of 3, two steps"
    expect(cost.tokens, [2, 1, 2, 3, 2, 2], given=given)


@exercise("inference.continuous_batching")
def test_one_row_is_enough(student):
    """With a single row the requests come one after the other, each from its own beginning."""
    request = student.inference.Request
    requests = [request([9], 2), request([1], 3)]
    got = student.inference.continuous_batching(student.support.Adder(), requests, 1, 3)
    expect(got, [[9, 8], [1, 2, 4]])
