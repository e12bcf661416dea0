"""Many heads: cutting, putting together, and a layer whose matrices you can read."""

import torch

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32

# Two positions of width 4, and the same cut into two heads of width 2.
WHOLE = torch.tensor([[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]])
HEADS = torch.tensor([[[[0.0, 1.0], [4.0, 5.0]], [[2.0, 3.0], [6.0, 7.0]]]])


# --- split_heads and merge_heads --------------------------------------------------------------


@exercise("attention.split_heads")
def test_each_head_gets_its_piece_of_every_position(student):
    """Of a width of 4 the first of two heads gets the features 0 and 1, at both positions."""
    expect(student.attention.split_heads(WHOLE, 2), HEADS)


@exercise("attention.split_heads")
def test_one_head_gets_everything(student):
    """With one head only an axis of size 1 comes in, between batch and positions."""
    expect(student.attention.split_heads(WHOLE, 1), WHOLE[:, None])


@exercise("attention.merge_heads")
def test_heads_lie_side_by_side_again(student):
    """At each position the features of the first head come first."""
    expect(student.attention.merge_heads(HEADS), WHOLE)


@exercise("attention.merge_heads")
def test_one_head_is_the_whole(student):
    """With one head the axis of size 1 goes."""
    expect(student.attention.merge_heads(WHOLE[:, None]), WHOLE)


# --- MultiHeadAttention -----------------------------------------------------------------------

# Two positions of width 2, for two heads of width 1. The first head sees 1 and 3.
X = torch.tensor([[[1.0, 10.0], [3.0, 30.0]]])


def mean_layer(student):
    """All queries and keys are zero, so the weights are equal; values and output as they are."""
    layer = student.attention.MultiHeadAttention(2, 2, bias=False)
    query = key = torch.zeros(2, 2)
    layer.load_state_dict(
        {"in_proj.weight": torch.cat([query, key, torch.eye(2)]), "out_proj.weight": torch.eye(2)}
    )
    return layer


@exercise("attention.MultiHeadAttention")
def test_equal_weights_give_the_mean(student):
    """Where all scores are 0 each position takes home the mean of what it may see."""
    layer = mean_layer(student)
    expect(layer(X).detach(), torch.tensor([[[2.0, 20.0], [2.0, 20.0]]]), tolerance=EXACT_ENOUGH)
    mask = torch.tensor([[[[True, False], [True, True]]]])
    expected = torch.tensor([[[1.0, 10.0], [2.0, 20.0]]])
    expect(layer(X, mask=mask).detach(), expected, tolerance=EXACT_ENOUGH)


@exercise("attention.MultiHeadAttention")
def test_keys_and_values_may_come_from_elsewhere(student):
    """With a context of three positions each query gets the mean of these three."""
    context = torch.tensor([[[1.0, 0.0], [2.0, 0.0], [6.0, 9.0]]])
    got = mean_layer(student)(X, context).detach()
    expect(got, torch.tensor([[[3.0, 3.0], [3.0, 3.0]]]), tolerance=EXACT_ENOUGH)


@exercise("attention.MultiHeadAttention")
def test_a_gate_turns_a_head_down(student):
    """A gate of 0 silences the first head, a gate of 1/2 halves the second."""
    got = mean_layer(student)(X, gate=torch.tensor([0.0, 0.5])).detach()
    expect(got, torch.tensor([[[0.0, 10.0], [0.0, 10.0]]]), tolerance=EXACT_ENOUGH)


@exercise("attention.MultiHeadAttention")
def test_the_matrices_are_those_of_the_library(student):
    """The layer computes what torch.nn.MultiheadAttention does with the same matrices."""
    torch.manual_seed(0)
    library = torch.nn.MultiheadAttention(6, 3, batch_first=True)
    layer = student.attention.MultiHeadAttention(6, 3)
    layer.load_state_dict(
        {
            "in_proj.weight": library.in_proj_weight.detach(),
            "in_proj.bias": library.in_proj_bias.detach(),
            "out_proj.weight": library.out_proj.weight.detach(),
            "out_proj.bias": library.out_proj.bias.detach(),
        }
    )
    x = torch.randn(2, 4, 6)
    expect(layer(x).detach(), library(x, x, x)[0].detach(), tolerance=1e-5)
