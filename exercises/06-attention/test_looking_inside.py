"""Looking inside: where attention leads, which heads matter, and doing without the others."""

import torch

from autograder.student import parameters
from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- attention_rollout ------------------------------------------------------------------------

# The second of two positions looks half at the first and half at itself.
HALF = torch.tensor([[1.0, 0.0], [0.5, 0.5]])
# The second position looks at the first only, and the first at the second.
SWAP = torch.tensor([[0.0, 1.0], [1.0, 0.0]])


@exercise("attention.attention_rollout")
def test_one_layer_is_half_attention_half_residual(student):
    """Half of 1/2 1/2 and half of 0 1, which is the position itself: 1/4 3/4."""
    got = student.attention.attention_rollout(HALF[None, None, None])
    expect(got, torch.tensor([[[1, 0], [1 / 4, 3 / 4]]]), tolerance=EXACT_ENOUGH)


@exercise("attention.attention_rollout")
def test_two_layers_are_passed_one_after_the_other(student):
    """The first layer mixes both positions evenly; what follows cannot tell them apart."""
    layers = torch.stack([SWAP, HALF])[:, None, None]
    got = student.attention.attention_rollout(layers)
    expect(got, torch.full((1, 2, 2), 1 / 2), tolerance=EXACT_ENOUGH)
    # The other way round 1 0 and 1/4 3/4 are what the second layer takes the mean of.
    got = student.attention.attention_rollout(layers.flip(0))
    expect(got, torch.tensor([[[5 / 8, 3 / 8], [5 / 8, 3 / 8]]]), tolerance=EXACT_ENOUGH)


@exercise("attention.attention_rollout")
def test_heads_count_alike(student):
    """Heads that look at themselves and at the other have a mean of 1/2 1/2."""
    heads = torch.stack([torch.eye(2), SWAP])[None, None]
    got = student.attention.attention_rollout(heads)
    expect(got, torch.tensor([[[3 / 4, 1 / 4], [1 / 4, 3 / 4]]]), tolerance=EXACT_ENOUGH)


# --- head_importance --------------------------------------------------------------------------


@exercise("attention.head_importance")
def test_the_derivative_at_a_gate_of_one(student):
    """One example, two layers of three heads: the derivative of a · gate² is 2a, its size 2|a|."""
    factors = torch.tensor([[[1.0, -2.0, 0.0], [3.0, 0.5, -1.0]]])
    got = student.attention.head_importance(student.support.SquaredGates(factors), 2, 3)
    expect(got.double(), 2 * factors[0].abs().double(), tolerance=EXACT_ENOUGH)


@exercise("attention.head_importance")
def test_helping_one_and_harming_another_is_important_twice(student):
    """The first head helps one example as much as it harms the other: 2 and 2, not 0."""
    factors = torch.tensor([[[1.0, 2.0]], [[-1.0, 4.0]]])
    got = student.attention.head_importance(student.support.SquaredGates(factors), 1, 2)
    expect(got.double(), torch.tensor([[2.0, 6.0]]).double(), tolerance=EXACT_ENOUGH)


# --- prune_heads ------------------------------------------------------------------------------


@exercise("attention.prune_heads")
def test_a_pruned_layer_gives_what_a_gated_one_gives(student):
    """Without the first of two heads, the output is that with a gate of 0 for it."""
    torch.manual_seed(0)
    layer, x = student.attention.MultiHeadAttention(4, 2), torch.randn(1, 3, 4)
    pruned = student.attention.prune_heads.obj(layer, [0])
    expected = layer(x, gate=torch.tensor([0.0, 1.0])).detach()
    expect(pruned(x).detach(), expected, tolerance=1e-5)


@exercise("attention.prune_heads")
def test_a_pruned_layer_is_smaller(student):
    """Of three heads of width 2 one is left: queries, keys and values have 2 rows each."""
    layer = student.attention.MultiHeadAttention(6, 3)
    pruned = student.attention.prune_heads.obj(layer, [0, 2])
    shapes = {name: list(tensor.shape) for name, tensor in parameters(pruned).items()}
    expected = {
        "in_proj.weight": [6, 6],
        "in_proj.bias": [6],
        "out_proj.weight": [6, 2],
        "out_proj.bias": [6],
    }
    expect(shapes, expected, given="the shapes of the parameters after prune_heads(…, [0, 2])")


@exercise("attention.prune_heads")
def test_pruning_leaves_the_old_layer_as_it_was(student):
    """The old layer still has both heads, with the same numbers."""
    layer = student.attention.MultiHeadAttention(4, 2, bias=False)
    before = parameters(layer)
    pruned = student.attention.prune_heads.obj(layer, {1})
    expect(list(parameters(pruned)["out_proj.weight"].shape), [4, 2])
    expect(parameters(layer), before)
