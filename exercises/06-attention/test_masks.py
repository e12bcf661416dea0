"""Who may look at what: small masks, written out. 1 is "may attend", 0 is "hidden"."""

import torch

from autograder.testing import exercise, expect


def picture(*rows):
    """A mask from rows of 0 and 1, such as "110"."""
    return torch.tensor([[sign == "1" for sign in row] for row in rows])


# --- causal_mask ------------------------------------------------------------------------------


@exercise("attention.causal_mask")
def test_three_tokens_see_themselves_and_the_past(student):
    """Of three tokens the first sees one, the second two, the third all three."""
    expect(student.attention.causal_mask(3, 3), picture("100", "110", "111"))


@exercise("attention.causal_mask")
def test_two_new_tokens_after_two_old_ones(student):
    """Two queries are the newest two of four tokens: the keys before them are their past."""
    expect(student.attention.causal_mask(2, 4), picture("1110", "1111"))


@exercise("attention.causal_mask")
def test_the_newest_token_sees_everything(student):
    """One query stands at the last key, and nothing comes after it."""
    expect(student.attention.causal_mask(1, 3), picture("111"))


# --- attention_mask ---------------------------------------------------------------------------


@exercise("attention.attention_mask")
def test_without_rules_everything_is_seen(student):
    """No rule hides nothing. The two axes of size 1 are for the batch and the heads."""
    expect(student.attention.attention_mask(2, 3), picture("111", "111")[None, None])


@exercise("attention.attention_mask")
def test_a_causal_window_of_two(student):
    """With a window of 2 each of four tokens sees itself and the one before."""
    expected = picture("1000", "1100", "0110", "0011")[None, None]
    expect(student.attention.attention_mask(4, 4, causal=True, window=2), expected)


@exercise("attention.attention_mask")
def test_a_question_of_two_tokens_and_its_answer(student):
    """Within the prefix of two tokens the first sees the second; the answer stays causal."""
    got = student.attention.attention_mask(4, 4, causal=True, prefix=torch.tensor([2]))
    expect(got, picture("1100", "1100", "1110", "1111")[None, None])


@exercise("attention.attention_mask")
def test_padding_and_packing_differ_from_row_to_row(student):
    """The first row has two tokens and padding, or documents 7 7 8; the second is full."""
    got = student.attention.attention_mask(3, 3, lengths=torch.tensor([2, 3]))
    expect(got, torch.stack([picture("110", "110", "110"), picture("111", "111", "111")])[:, None])
    documents = torch.tensor([[7, 7, 8], [5, 5, 5]])
    got = student.attention.attention_mask(3, 3, documents=documents)
    expect(got, torch.stack([picture("110", "110", "001"), picture("111", "111", "111")])[:, None])
