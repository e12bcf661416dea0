"""The decoder against the one in transformers, and against what rotary positions promise."""

import itertools
import random

import pytest
import torch

from langmodels import inference, mamba
from langmodels.models import Decoder, DecoderConfig, from_llama, llama_config
from langmodels.transformer import rotary_angles, rotate

# Ours and theirs are each some ten roundings of float32 from the same model in float64, relative
# to the largest logit; sums are taken in another order.
TOLERANCE = 50 * 2**-23

SIZES = [  # width, layers, query heads, key heads, head width
    (8, 1, 1, 1, 8),
    (12, 2, 3, 3, 4),
    (20, 3, 4, 2, 6),  # all heads together are wider than the model
    (24, 2, 6, 1, 2),
]


@pytest.fixture(scope="module")
def transformers():
    """Imported here, because it takes seconds."""
    import transformers

    return transformers


def llama(transformers, sizes, rng, tied, bias=False):
    """A LlamaForCausalLM with random weights, large enough for logits that are far apart."""
    width, n_layers, n_heads, n_groups, head_width = sizes
    config = transformers.LlamaConfig(
        vocab_size=37,
        hidden_size=width,
        intermediate_size=rng.choice([11, 26]),
        num_hidden_layers=n_layers,
        num_attention_heads=n_heads,
        num_key_value_heads=n_groups,
        head_dim=head_width,
        max_position_embeddings=64,
        rms_norm_eps=rng.choice([1e-6, 1e-2]),
        rope_parameters={"rope_type": "default", "rope_theta": rng.choice([100.0, 10_000.0])},
        tie_word_embeddings=tied,
        attention_bias=bias,
        pad_token_id=None,
        bos_token_id=None,
        eos_token_id=None,
    )
    torch.manual_seed(rng.getrandbits(31))
    theirs = transformers.LlamaForCausalLM(config).eval()
    for parameter in theirs.parameters():
        scale = parameter.shape[-1] ** -0.5 if parameter.ndim == 2 else 0.3
        torch.nn.init.normal_(parameter, mean=float(parameter.ndim == 1), std=scale)
    return theirs


def ours_from(theirs):
    ours = Decoder(llama_config(theirs.config))
    ours.load_state_dict(from_llama(theirs.state_dict()))
    return ours


def largest_difference(got, expected):
    return ((got.double() - expected.double()).abs().max() / expected.abs().max()).item()


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("sizes", SIZES)
def test_logits_are_those_of_transformers(transformers, sizes, tied):
    rng = random.Random(f"{sizes} {tied}")
    theirs = llama(transformers, sizes, rng, tied)
    ours = ours_from(theirs)
    for n_rows, length in [(1, 1), (2, 7), (3, 40)]:
        tokens = torch.randint(0, 37, (n_rows, length))
        with torch.no_grad():
            expected = theirs(tokens).logits
            assert largest_difference(ours(tokens), expected) < TOLERANCE
            exact = ours.double()(tokens)
            ours.float()
        assert largest_difference(expected, exact) < TOLERANCE


@pytest.mark.parametrize("sizes", SIZES)
def test_greedy_answers_are_those_of_transformers(transformers, sizes):
    """Theirs with their cache, ours with ours."""
    rng = random.Random(f"{sizes}")
    theirs = llama(transformers, sizes, rng, tied=False)
    ours = ours_from(theirs)
    for n_rows, length in [(1, 1), (3, 5)]:
        prompts = torch.randint(0, 37, (n_rows, length))
        expected = theirs.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            do_sample=False,
            max_new_tokens=12,
        )[:, length:]
        assert inference.generate(ours, prompts.tolist(), 12) == expected.tolist()


def test_a_window_is_that_of_transformers(transformers):
    """Mistral is LLaMA with a window."""
    rng = random.Random(3)
    plain = llama(transformers, SIZES[2], rng, tied=True)
    fields = plain.config.to_dict()
    fields = {k: v for k, v in fields.items() if k not in ("model_type", "architectures")}
    config = transformers.MistralConfig(**fields | {"sliding_window": 4})
    theirs = transformers.MistralForCausalLM(config).eval()
    theirs.load_state_dict(plain.state_dict())
    ours = ours_from(plain)
    narrow = Decoder(DecoderConfig(**vars(ours.config) | {"window": 4}))
    narrow.load_state_dict(ours.state_dict())
    tokens = torch.randint(0, 37, (2, 15))
    with torch.no_grad():
        expected = theirs(tokens).logits
        assert largest_difference(narrow(tokens), expected) < TOLERANCE
        assert largest_difference(ours(tokens), expected) > 0.01


def test_a_llama_with_biases_is_refused(transformers):
    theirs = llama(transformers, SIZES[0], random.Random(0), tied=True, bias=True)
    with pytest.raises(ValueError, match="bias"):
        llama_config(theirs.config)


def test_only_distances_count(rng):
    """A query at m and a key at n have the same product as at m + s and n + s (RoFormer, (16))."""
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    query, key = torch.randn(2, 1, 1, 1, 6, generator=generator, dtype=torch.float64)

    def at(x, position):
        cos, sin = rotary_angles(torch.tensor([[position]]), 6, 50.0)
        return rotate(x, (cos.double(), sin.double()))

    for m, n, shift in itertools.product((0, 3, 20), (0, 1, 7), (1, 30)):
        here = (at(query, m) * at(key, n)).sum()
        there = (at(query, m + shift) * at(key, n + shift)).sum()
        # Angles are float32: one of 50 is off by up to 2⁻¹⁹.
        assert torch.isclose(here, there, rtol=0, atol=1e-4)
        assert torch.isclose(at(query, m).norm(), query.norm(), atol=1e-6)
    assert not torch.isclose((at(query, 1) * key).sum(), (query * key).sum(), atol=1e-2)


def decoder(**others):
    torch.manual_seed(0)
    sizes = {"vocabulary": 30, "width": 12, "n_layers": 2, "n_heads": 3, "n_kv_heads": 1}
    model = Decoder(DecoderConfig(**sizes | others)).double()
    for parameter in model.parameters():
        if parameter.ndim == 2:
            parameter.data *= 15
    return model


@pytest.mark.parametrize("window", [None, 3])
def test_nothing_flows_back_from_later_tokens(window):
    model = decoder(window=window)
    tokens = torch.randint(0, 30, (1, 9))
    with torch.no_grad():
        before = model(tokens)
        for place in range(9):
            others = tokens.clone()
            others[0, place] = (others[0, place] + 1) % 30
            changed = (model(others) - before).abs().amax(-1)[0] > 1e-6
            assert not changed[:place].any()
            assert changed[place]
            # Through two layers with a window of 3 a token is felt four places further on.
            reach = 9 if window is None else place + 2 * (window - 1) + 1
            assert not changed[reach:].any()


def test_the_order_of_tokens_counts():
    model = decoder()
    with torch.no_grad():
        one, other = model(torch.tensor([[1, 2, 3], [2, 1, 3]]))[:, -1]
    assert (one - other).abs().max() > 1e-3


def test_sizes_follow_from_each_other():
    config = DecoderConfig(vocabulary=10, width=12, n_layers=1, n_heads=3)
    assert (config.n_kv_heads, config.head_width, config.inner) == (3, 4, 32)
    model = Decoder(config)
    assert model.head.weight is model.embedding.weight
    untied = Decoder(DecoderConfig(vocabulary=10, width=12, n_layers=1, n_heads=3, tied=False))
    assert untied.head.weight is not untied.embedding.weight


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"width": 10, "n_heads": 4}, "a width of 10 cannot be cut into 4 heads"),
        ({"width": 12, "n_heads": 4, "n_kv_heads": 3}, "4 query heads cannot share 3"),
        ({"width": 12, "n_heads": 4}, "a head of width 3 has no pairs"),
    ],
)
def test_heads_that_do_not_fit_are_refused_in_words(sizes, words):
    with pytest.raises(ValueError, match=words):
        DecoderConfig(vocabulary=10, n_layers=1, **sizes)


MISFITS = {
    "rows": ({"n_rows": 2}, ValueError, "the cache has 2 rows, but 3 came"),
    "dtype": ({"dtype": torch.float64}, TypeError, "float64, but the model computes in torch.flo"),
    "device": ({"device": "meta"}, ValueError, "the cache is on meta, but the model on cpu"),
    "room": ({"capacity": 4}, ValueError, "room for 4 tokens a row; 0 are there, and 5 more do"),
}


@pytest.mark.parametrize(("options", "error", "words"), MISFITS.values(), ids=MISFITS)
def test_a_cache_that_does_not_fit_the_model_is_refused_in_words(options, error, words):
    config = DecoderConfig(vocabulary=7, width=8, n_layers=1, n_heads=2)
    cache = inference.KVCache(config, **{"n_rows": 3, "capacity": 8} | options)
    with pytest.raises(error, match=words):
        Decoder(config)(torch.zeros(3, 5, dtype=torch.long), cache)
    assert cache.lengths == [0] * len(cache.lengths)


@pytest.mark.parametrize("sizes", [(8, 1, 3, 1, 4), (12, 3, 5, 2, 3)])
def test_mamba_says_what_that_of_transformers_says(transformers, sizes):
    width, n_layers, state, rank, conv = sizes
    torch.manual_seed(0)
    theirs = transformers.MambaForCausalLM(
        transformers.MambaConfig(
            vocab_size=37,
            hidden_size=width,
            num_hidden_layers=n_layers,
            state_size=state,
            time_step_rank=rank,
            conv_kernel=conv,
        )
    ).eval()
    config = mamba.MambaConfig(37, width, n_layers, state=state, rank=rank, conv=conv)
    ours = mamba.Mamba(config)
    ours.load_state_dict(mamba.from_mamba(theirs.state_dict()))
    for n_rows, length in [(1, 1), (2, 7), (3, 70)]:
        tokens = torch.randint(0, 37, (n_rows, length))
        with torch.no_grad():
            expected = theirs(tokens).logits
            assert largest_difference(ours(tokens), expected) < TOLERANCE
            after = ours.read(tokens[:, :-1])[1] if length > 1 else None
            last, after = ours.read(tokens[:, -1:], after)
            assert largest_difference(last, expected[:, -1:]) < TOLERANCE
        numbers = sum(part.numel() for layer in after for part in layer)
        assert 4 * numbers == mamba.state_bytes(config, n_rows)
