"""Norms, feed-forward networks and layers: numbers that you can check by hand, and torch's own."""

import torch
from torch import nn

from autograder.testing import exercise, expect

EXACT_ENOUGH = 1e-6  # a few roundings of float32


# --- LayerNorm --------------------------------------------------------------------------------


@exercise("transformer.LayerNorm")
def test_a_row_gets_mean_0_and_variance_1(student):
    """1, 3, 5, 7 has mean 4 and variance 5, so that -3, -1, 1, 3 are divided by √5."""
    layer = student.transformer.LayerNorm(4, eps=0.0)
    got = layer(torch.tensor([[1.0, 3.0, 5.0, 7.0]])).detach()
    expect(got, torch.tensor([[-3.0, -1.0, 1.0, 3.0]]) / 5**0.5, tolerance=EXACT_ENOUGH)


@exercise("transformer.LayerNorm")
def test_epsilon_is_under_the_root(student):
    """-2 and 2 have variance 4; with ε = 5 they are divided by √9."""
    layer = student.transformer.LayerNorm(2, eps=5.0)
    got = layer(torch.tensor([[-2.0, 2.0], [5.0, 5.0]])).detach()
    expect(got, torch.tensor([[-2 / 3, 2 / 3], [0.0, 0.0]]), tolerance=EXACT_ENOUGH)


@exercise("transformer.LayerNorm")
def test_features_are_scaled_and_moved(student):
    """-1, 1 stays as it is, is multiplied by 2 and 3, and moved by 10 and 20; or not moved."""
    layer = student.transformer.LayerNorm(2, eps=0.0)
    weight, bias = torch.tensor([2.0, 3.0]), torch.tensor([10.0, 20.0])
    layer.load_state_dict({"weight": weight, "bias": bias})
    x = torch.tensor([[-1.0, 1.0]])
    expect(layer(x).detach(), torch.tensor([[8.0, 23.0]]), tolerance=EXACT_ENOUGH)
    layer = student.transformer.LayerNorm(2, eps=0.0, bias=False)
    layer.load_state_dict({"weight": weight})
    expect(layer(x).detach(), torch.tensor([[-2.0, 3.0]]), tolerance=EXACT_ENOUGH)


# --- RMSNorm ----------------------------------------------------------------------------------


@exercise("transformer.RMSNorm")
def test_a_row_gets_root_mean_square_1(student):
    """1, 1, 1, 5 has the mean square 28/4 = 7."""
    layer = student.transformer.RMSNorm(4, eps=0.0)
    got = layer(torch.tensor([[1.0, 1.0, 1.0, 5.0]])).detach()
    expect(got, torch.tensor([[1.0, 1.0, 1.0, 5.0]]) / 7**0.5, tolerance=EXACT_ENOUGH)


@exercise("transformer.RMSNorm")
def test_features_are_scaled(student):
    """3, 3 has the mean square 9; with ε = 16 it is divided by 5, then scaled by 5 and 10."""
    layer = student.transformer.RMSNorm(2, eps=16.0)
    layer.load_state_dict({"weight": torch.tensor([5.0, 10.0])})
    got = layer(torch.tensor([[3.0, 3.0]])).detach()
    expect(got, torch.tensor([[3.0, 6.0]]), tolerance=EXACT_ENOUGH)


# --- gelu -------------------------------------------------------------------------------------


@exercise("transformer.gelu")
def test_some_values_of_gelu(student):
    """Below 1 lie 84.13 % of a normal distribution, below -1 the other 15.87 %."""
    got = student.transformer.gelu(torch.tensor([-1.0, 0.0, 1.0, 20.0]))
    expect(got, torch.tensor([-0.158655, 0.0, 0.841345, 20.0]), tolerance=EXACT_ENOUGH)


@exercise("transformer.gelu")
def test_the_approximation_is_near_and_not_the_same(student):
    """With tanh it is 0.841192 at 1, and 1.954598 at 2 where the exact value is 1.954500."""
    got = student.transformer.gelu(torch.tensor([1.0, 2.0]), approximate="tanh")
    expect(got, torch.tensor([0.841192, 1.954598]), tolerance=EXACT_ENOUGH)


# --- SwiGLU -----------------------------------------------------------------------------------


@exercise("transformer.SwiGLU")
def test_the_gate_lets_through(student):
    """Gates of 0 and 100: the first is shut (silu(0) = 0), the second gives 100 · 3."""
    layer = student.transformer.SwiGLU(1, 2)
    state = {
        "in_proj.weight": torch.tensor([[0.0], [100.0], [7.0], [3.0]]),
        "out_proj.weight": torch.tensor([[1.0, 1.0]]),
    }
    layer.load_state_dict(state)
    got = layer(torch.tensor([[[1.0]]])).detach()
    expect(got, torch.tensor([[[300.0]]]), tolerance=EXACT_ENOUGH)


@exercise("transformer.SwiGLU")
def test_each_position_alone(student):
    """A position gives the same whoever stands beside it; zeros give zeros."""
    layer = student.transformer.SwiGLU(2, 3)
    state = {
        "in_proj.weight": torch.arange(12.0).reshape(6, 2) / 10,
        "out_proj.weight": torch.arange(6.0).reshape(2, 3) / 10,
    }
    layer.load_state_dict(state)
    x = torch.tensor([[[1.0, 2.0], [0.0, 0.0], [3.0, 1.0]]])
    alone = torch.cat([layer(x[:, n : n + 1]).detach() for n in range(3)], dim=1)
    gate, up = torch.tensor([0.2, 0.8, 1.4]), torch.tensor([2.0, 2.6, 3.2])  # of the first
    hidden = gate * torch.sigmoid(gate) * up
    expect(alone[0, 0], state["out_proj.weight"] @ hidden, tolerance=EXACT_ENOUGH)
    expect(layer(x).detach(), alone, tolerance=EXACT_ENOUGH)


# --- EncoderLayer and CrossDecoderLayer -------------------------------------------------------

NAMES = {  # ours → torch's
    "attention.in_proj.weight": "self_attn.in_proj_weight",
    "attention.in_proj.bias": "self_attn.in_proj_bias",
    "attention.out_proj.weight": "self_attn.out_proj.weight",
    "attention.out_proj.bias": "self_attn.out_proj.bias",
    "attention_norm.weight": "norm1.weight",
    "attention_norm.bias": "norm1.bias",
    "mlp.in_proj.weight": "linear1.weight",
    "mlp.in_proj.bias": "linear1.bias",
    "mlp.out_proj.weight": "linear2.weight",
    "mlp.out_proj.bias": "linear2.bias",
}
ENCODER = NAMES | {"mlp_norm.weight": "norm2.weight", "mlp_norm.bias": "norm2.bias"}
DECODER = NAMES | {
    "cross_attention.in_proj.weight": "multihead_attn.in_proj_weight",
    "cross_attention.in_proj.bias": "multihead_attn.in_proj_bias",
    "cross_attention.out_proj.weight": "multihead_attn.out_proj.weight",
    "cross_attention.out_proj.bias": "multihead_attn.out_proj.bias",
    "cross_norm.weight": "norm2.weight",
    "cross_norm.bias": "norm2.bias",
    "mlp_norm.weight": "norm3.weight",
    "mlp_norm.bias": "norm3.bias",
}


def normal(*shape):
    return torch.randn(shape, generator=torch.Generator().manual_seed(sum(shape)))


def pair(student, kind, names, make, norm_first):
    """Your layer and torch's with the same weights: width 6, two heads, inner width 5."""
    library = make(6, 2, 5, dropout=0.0, activation="gelu", batch_first=True, norm_first=norm_first)
    for parameter in library.parameters():
        parameter.data = normal(*parameter.shape) / 2
    theirs = library.state_dict()
    layer = getattr(student.transformer, kind)(6, 2, 5, norm_first=norm_first)
    layer.load_state_dict({name: theirs[other] for name, other in names.items()})
    return layer, library


@exercise("transformer.EncoderLayer")
def test_pre_norm_like_the_library(student):
    """With the norm first, the same as torch.nn.TransformerEncoderLayer."""
    layer, library = pair(student, "EncoderLayer", ENCODER, nn.TransformerEncoderLayer, True)
    x = normal(2, 3, 6)
    expect(layer(x).detach(), library(x).detach(), tolerance=1e-5)


@exercise("transformer.EncoderLayer")
def test_post_norm_like_the_library(student):
    """With the norm last as well, under a mask that hides the second position."""
    layer, library = pair(student, "EncoderLayer", ENCODER, nn.TransformerEncoderLayer, False)
    x = normal(2, 3, 6)
    mask = torch.tensor([True, False, True]).expand(1, 1, 3, 3)
    expect(layer(x, mask).detach(), library(x, ~mask[0, 0]).detach(), tolerance=1e-5)


@exercise("transformer.CrossDecoderLayer")
def test_decoder_like_the_library(student):
    """With a causal mask, the same as torch.nn.TransformerDecoderLayer, the norm first or last."""
    for norm_first in (True, False):
        layer, library = pair(
            student, "CrossDecoderLayer", DECODER, nn.TransformerDecoderLayer, norm_first
        )
        x, context = normal(2, 3, 6), normal(2, 4, 6)
        hidden = torch.ones(3, 3, dtype=torch.bool).triu(1)
        expected = library(x, context, tgt_mask=hidden).detach()
        expect(layer(x, context).detach(), expected, tolerance=1e-5)


@exercise("transformer.CrossDecoderLayer")
def test_the_first_position_does_not_see_the_second(student):
    """A change at the second position leaves the first one's output as it was."""
    layer, library = pair(student, "CrossDecoderLayer", DECODER, nn.TransformerDecoderLayer, True)
    x, context = normal(1, 2, 6), normal(1, 4, 6)
    alone = library(x[:, :1], context).detach()
    expect(layer(x, context).detach()[:, :1], alone, tolerance=1e-5)


# --- DyT --------------------------------------------------------------------------------------


@exercise("transformer.DyT")
def test_tanh_between_two_lines(student):
    """With α = 1/2: 0 stays 0, large numbers become ±1; then each feature's weight and bias."""
    layer = student.transformer.DyT(3, 0.5)
    x = torch.tensor([[0.0, 100.0, -100.0], [2.0, -2.0, 0.0]])
    t = 0.7615942  # tanh(1)
    expected = torch.tensor([[0.0, 1.0, -1.0], [t, -t, 0.0]])
    expect(layer(x).detach(), expected, tolerance=EXACT_ENOUGH)
    weight, bias = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0.0, 0.0, 10.0])
    layer.load_state_dict({"alpha": torch.tensor(0.5), "weight": weight, "bias": bias})
    expected = torch.tensor([[0.0, 2.0, 7.0], [t, -2 * t, 10.0]])
    expect(layer(x).detach(), expected, tolerance=EXACT_ENOUGH)


@exercise("transformer.DyT")
def test_alpha_is_inside(student):
    """With α = 0 everything becomes the bias, with a large α the signs are left."""
    layer = student.transformer.DyT(2, 0.0)
    x = torch.tensor([[3.0, -4.0]])
    one, moved = torch.ones(2), torch.tensor([5.0, 6.0])
    layer.load_state_dict({"alpha": torch.tensor(0.0), "weight": one, "bias": moved})
    expect(layer(x).detach(), torch.tensor([[5.0, 6.0]]), tolerance=EXACT_ENOUGH)
    layer.load_state_dict({"alpha": torch.tensor(9.0), "weight": one, "bias": moved})
    expect(layer(x).detach(), torch.tensor([[6.0, 5.0]]), tolerance=EXACT_ENOUGH)
