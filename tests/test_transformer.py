"""The parts of chapter 8 against the modules of `transformers` that have them.

The hidden tests have oracles that import in a moment; these take seconds, so they are here.
"""

import math

import pytest
import torch
from torch import nn

from langmodels.transformer import (
    MixtureOfExperts,
    RelativeBias,
    RMSNorm,
    SwiGLU,
    alibi_bias,
    load_balance_loss,
    relative_buckets,
    rotary_angles,
    rotate,
    route,
    scaled_rotary_angles,
)

TOLERANCE = 1e-5  # float32, numbers of size 1


@pytest.fixture
def normal(rng):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return lambda *shape: torch.randn(shape, generator=generator)


def test_rms_norm_and_gate_are_llamas(normal):
    from transformers import LlamaConfig
    from transformers.models.llama.modeling_llama import LlamaMLP, LlamaRMSNorm

    norm = LlamaRMSNorm(24, eps=1e-3)
    ours = RMSNorm(24, eps=1e-3)
    weight = normal(24)
    norm.weight.data = ours.weight.data = weight
    x = normal(2, 5, 24)
    torch.testing.assert_close(ours(x), norm(x), rtol=0, atol=TOLERANCE)
    mlp = LlamaMLP(LlamaConfig(hidden_size=24, intermediate_size=40, num_attention_heads=3))
    gate = SwiGLU(24, 40)
    both = torch.cat([mlp.gate_proj.weight, mlp.up_proj.weight])
    gate.load_state_dict({"in_proj.weight": both, "out_proj.weight": mlp.down_proj.weight})
    torch.testing.assert_close(gate(x), mlp(x), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("sizes", [(32, 128), (16, 50), (20, 33)])
def test_buckets_are_t5s(sizes, bidirectional):
    from transformers.models.t5.modeling_t5 import T5Attention

    distances = torch.arange(-400, 400)
    theirs = T5Attention._relative_position_bucket(distances, bidirectional, *sizes)
    ours = relative_buckets(distances, *sizes, bidirectional=bidirectional)
    # Where the logarithm is a whole number, to the last digit, the two may round differently.
    n = sizes[0] // 2 if bidirectional else sizes[0]
    m = n // 2
    place = (distances.abs().clamp(min=m).double() / m).log() / math.log(sizes[1] / m) * (n - m)
    clear = (place - place.round()).abs() > 1e-4
    clear |= (distances.abs() <= m) | (distances.abs() > sizes[1])
    assert clear.float().mean() > 0.9
    assert torch.equal(ours[clear], theirs[clear])


def test_relative_bias_is_t5s():
    from transformers import T5Config
    from transformers.models.t5.modeling_t5 import T5Attention

    config = T5Config(d_model=12, num_heads=3, d_kv=4, relative_attention_num_buckets=10)
    theirs = T5Attention(config, has_relative_attention_bias=True)
    ours = RelativeBias(3, 10, 128)
    ours.embedding.weight.data = theirs.relative_attention_bias.weight.data
    torch.testing.assert_close(ours(7, 7), theirs.compute_bias(7, 7)[0])
    torch.testing.assert_close(ours(2, 7), ours(7, 7)[:, -2:])


@pytest.mark.parametrize("n_heads", [1, 2, 6, 8, 12])
def test_weights_under_alibi_are_blooms(normal, n_heads):
    """Theirs counts from the first key: within a softmax that is the same."""
    from transformers.models.bloom.modeling_bloom import build_alibi_tensor

    theirs = build_alibi_tensor(torch.ones(1, 9), n_heads, torch.float32)
    scores = normal(n_heads, 9, 9)
    hidden = torch.ones(9, 9, dtype=torch.bool).triu(1)
    expected = (scores + theirs).masked_fill(hidden, -torch.inf).softmax(-1)
    got = (scores + alibi_bias(9, 9, n_heads)).softmax(-1)
    torch.testing.assert_close(got, expected, rtol=0, atol=TOLERANCE)


def llama(**rope):
    from transformers import LlamaConfig

    config = LlamaConfig(
        hidden_size=64, num_attention_heads=4, head_dim=16, max_position_embeddings=100
    )
    config.rope_parameters = {"rope_type": "default", "rope_theta": 500.0} | rope
    return config


def test_rotation_is_llamas(normal):
    from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding, apply_rotary_pos_emb

    query, key = normal(2, 4, 9, 16), normal(2, 1, 9, 16)
    positions = torch.randint(0, 60, (2, 9))
    theirs = apply_rotary_pos_emb(query, key, *LlamaRotaryEmbedding(llama())(query, positions))
    rotation = rotary_angles(positions, 16, 500.0)
    for x, expected in zip((query, key), theirs, strict=True):
        torch.testing.assert_close(rotate(x, rotation), expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize(("kind", "method"), [("linear", "linear"), ("dynamic", "ntk")])
def test_scaled_angles_are_those_of_transformers(kind, method):
    from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

    config = llama(rope_type=kind, factor=3.0)
    length = 250
    speeds, attention_factor = ROPE_INIT_FUNCTIONS[kind](config, "cpu", seq_len=length)
    assert attention_factor == 1
    # Their "dynamic" grows with the length: at 2.5 times the training it is 3 · 2.5 - 2.
    factor = 3.0 if kind == "linear" else 3.0 * length / 100 - 2.0
    positions = torch.arange(40)
    cos, sin = scaled_rotary_angles(positions, 16, 500.0, factor=factor, method=method)
    angles = positions[:, None] * speeds
    torch.testing.assert_close(cos[0, :, :8], angles.cos(), rtol=0, atol=1e-4)
    torch.testing.assert_close(sin[0, :, 8:], angles.sin(), rtol=0, atol=1e-4)


def test_experts_and_their_loss_are_mixtrals(normal):
    from transformers import MixtralConfig
    from transformers.models.mixtral.modeling_mixtral import (
        MixtralSparseMoeBlock,
        load_balancing_loss_func,
    )

    config = MixtralConfig(
        hidden_size=12, intermediate_size=10, num_local_experts=5, num_experts_per_tok=2
    )
    theirs = MixtralSparseMoeBlock(config)
    for parameter in theirs.parameters():
        nn.init.normal_(parameter, std=0.4)
    ours = MixtureOfExperts(12, 10, n_experts=5, n_chosen=2)
    state = {"gate.weight": theirs.gate.weight}
    for e in range(5):
        state[f"experts.{e}.in_proj.weight"] = theirs.experts.gate_up_proj[e]
        state[f"experts.{e}.out_proj.weight"] = theirs.experts.down_proj[e]
    ours.load_state_dict(state)
    x = normal(3, 7, 12)
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=10 * TOLERANCE)
    logits = normal(21, 5)
    loss = load_balance_loss(logits, route(logits, 2)[1])
    torch.testing.assert_close(loss, load_balancing_loss_func((logits,), 5, 2))
