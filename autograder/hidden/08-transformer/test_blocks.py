"""Norms, feed-forward networks and layers, against torch's own in float64."""

import math

import torch
from torch import nn
from torch.nn import functional

from autograder.student import gradients, parameters
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: some
# roundings of each dtype. What has 16 bits is rounded once, at the end.
TOLERANCE = {
    torch.float64: 64 * 2**-52,
    torch.float32: 64 * 2**-23,
    torch.bfloat16: 2 * 2**-8,
    torch.float16: 2 * 2**-10,
}
# Layers are some matrix products and norms one after the other.
OF_LAYERS = {torch.float64: 1e-12, torch.float32: 1e-4}
# Gradients are compared in float64 only. They may be what is left of larger numbers.
OF_GRADIENTS = 1e-9


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def shapes(rng):
    """From one row up, without a batch and with several axes of it; the width is the last."""
    yield (3,)
    yield (1, 2)
    for batch in [(), (1,), (2,), (3, 2)]:
        length, width = different(rng, 2, 4, 9)
        yield (*batch, length, width)


def check_gradients(rng, layer, oracle, *inputs):
    """The derivatives of a random sum of the outputs, for the inputs and every parameter.

    `oracle(state, *inputs)` computes the same of the layer's parameters by name.
    """
    state = {name: t.clone().requires_grad_() for name, t in parameters(layer).items()}
    mine, theirs = ([t.clone().requires_grad_() for t in inputs] for _ in range(2))
    expected = oracle(state, *theirs)
    weights = normal(rng, *expected.shape)
    out = layer(*mine)
    expect_that(out.requires_grad, expected="an output that gradients flow through", got="none")
    (out * weights).sum().backward()
    (expected * weights).sum().backward()
    for number, (got, right) in enumerate(zip(mine, theirs, strict=True)):
        found = torch.zeros_like(right) if got.grad is None else got.grad
        expect(found, right.grad, given=f"the gradient of input {number}", tolerance=OF_GRADIENTS)
    found = gradients(layer)
    for name, tensor in state.items():
        expect(found[name], tensor.grad, given=f"the gradient of {name}", tolerance=OF_GRADIENTS)
    layer.zero_grad()


# --- LayerNorm and RMSNorm --------------------------------------------------------------------


def norm(student, kind, rng, width, dtype=torch.float64, **options):
    """A norm whose weights are random, and its state."""
    layer = getattr(student.transformer, kind)(width, **options)
    state = {name: normal(rng, width, dtype=dtype) for name in parameters(layer)}
    layer.to(dtype)
    layer.load_state_dict(state)
    return layer, state


def layer_norm(state, x, eps=1e-5):
    return functional.layer_norm(x, x.shape[-1:], state["weight"], state.get("bias"), eps)


def rms_norm(state, x, eps=1e-5):
    return x / (x.square().mean(-1, keepdim=True) + eps) ** 0.5 * state["weight"]


def doubled(state):
    return {name: tensor.double() for name, tensor in state.items()}


@exercise("transformer.LayerNorm", weight=2)
def test_norm_is_that_of_the_library(student, rng):
    """With the same weights the output is that of torch.nn.LayerNorm, with and without a bias."""
    for bias in (True, False):
        for shape in shapes(rng):
            layer, state = norm(student, "LayerNorm", rng, shape[-1], bias=bias)
            x = 3 * normal(rng, *shape) + 2
            expect(layer(x).detach(), layer_norm(state, x), tolerance=TOLERANCE[x.dtype])


@exercise("transformer.LayerNorm")
def test_small_rows_are_held_back_by_epsilon(student, rng):
    """Rows as small as √ε show where ε stands; it is the layer's own."""
    for eps in (1e-5, 1e-2, 0.5):
        for size in (0.0, 0.1, 1.0):
            layer, state = norm(student, "LayerNorm", rng, 7, eps=eps)
            x = size * eps**0.5 * normal(rng, 3, 7) + size
            expected = layer_norm(state, x, eps)
            expect(layer(x).detach(), expected, tolerance=1e-9)


@exercise("transformer.LayerNorm")
def test_rows_are_normed_alone(student, rng):
    """A row's result depends on no other row, and is the same wherever it stands."""
    for _ in range(3):
        size, length, width = different(rng, 3, 3, 9)
        layer, state = norm(student, "LayerNorm", rng, width)
        x = normal(rng, size, length, width)
        b, t = rng.randrange(size), rng.randrange(length)
        right = layer_norm(state, x)
        expect(layer(x[b, t]).detach(), right[b, t].clone(), tolerance=TOLERANCE[x.dtype])
        x[b, t] *= 100
        right = layer_norm(state, x)
        expect(layer(x).detach(), right, tolerance=TOLERANCE[x.dtype])
        views = student.support.layer_on_views(layer, x)
        expect(views.detach(), right, tolerance=TOLERANCE[x.dtype])


@exercise("transformer.LayerNorm")
def test_few_bits_go_through_many(student, rng):
    """What comes in 16 bits is computed in 32 and comes back in 16: large rows do not overflow."""
    for dtype in TOLERANCE:
        for size in (1.0, 1000.0):
            layer, state = norm(student, "LayerNorm", rng, 33, dtype)
            x = (size * normal(rng, 4, 33) + 20).to(dtype)
            expected = layer_norm(doubled(state), x.double()).to(dtype)
            expect(layer(x).detach(), expected, tolerance=TOLERANCE[dtype])


@exercise("transformer.LayerNorm")
def test_gradients_of_layer_norm(student, rng):
    """Gradients reach x, weight and bias, also through mean and variance."""
    for bias in (True, False):
        for shape in shapes(rng):
            layer, _ = norm(student, "LayerNorm", rng, shape[-1], bias=bias)
            check_gradients(rng, layer, layer_norm, normal(rng, *shape) + 1)


@exercise("transformer.RMSNorm", weight=2)
def test_root_mean_square_is_divided_out(student, rng):
    """Each row is divided by the root of its mean square and multiplied by the weights."""
    for shape in shapes(rng):
        layer, state = norm(student, "RMSNorm", rng, shape[-1])
        x = 3 * normal(rng, *shape) + 2
        expect(layer(x).detach(), rms_norm(state, x), tolerance=TOLERANCE[x.dtype])
        views = student.support.layer_on_views(layer, x)
        expect(views.detach(), rms_norm(state, x), tolerance=TOLERANCE[x.dtype])


@exercise("transformer.RMSNorm")
def test_small_rows_and_epsilon(student, rng):
    """Rows as small as √ε show where ε stands; it is the layer's own, and rows of zeros stay so."""
    for eps in (1e-5, 1e-2, 0.5):
        for size in (0.0, 0.1, 1.0):
            layer, state = norm(student, "RMSNorm", rng, 7, eps=eps)
            x = size * eps**0.5 * normal(rng, 3, 7)
            expected = rms_norm(state, x, eps)
            expect(layer(x).detach(), expected, tolerance=1e-9)


@exercise("transformer.RMSNorm")
def test_few_bits_go_through_many_here_too(student, rng):
    """What comes in 16 bits is computed in 32 and comes back in 16: large rows do not overflow."""
    for dtype in TOLERANCE:
        for size in (1.0, 1000.0):
            layer, state = norm(student, "RMSNorm", rng, 33, dtype)
            x = (size * normal(rng, 4, 33)).to(dtype)
            expected = rms_norm(doubled(state), x.double()).to(dtype)
            expect(layer(x).detach(), expected, tolerance=TOLERANCE[dtype])


@exercise("transformer.RMSNorm")
def test_gradients_of_rms_norm(student, rng):
    """Gradients reach x and the weights, also through the root."""
    for shape in shapes(rng):
        layer, _ = norm(student, "RMSNorm", rng, shape[-1])
        check_gradients(rng, layer, rms_norm, normal(rng, *shape) + 1)


# --- DyT --------------------------------------------------------------------------------------


def dyt(student, rng, width, dtype=torch.float64):
    layer = student.transformer.DyT(width, 0.3)
    state = {
        "alpha": torch.tensor(rng.uniform(0.2, 2.0), dtype=dtype),
        "weight": normal(rng, width, dtype=dtype),
        "bias": normal(rng, width, dtype=dtype),
    }
    layer.to(dtype)
    layer.load_state_dict(state)
    return layer, state


def by_exponentials(state, x):
    """tanh by its definition."""
    angle = (state["alpha"] * x).clamp(-300, 300)
    up, down = angle.exp(), (-angle).exp()
    return (up - down) / (up + down) * state["weight"] + state["bias"]


@exercise("transformer.DyT", weight=2)
def test_a_squashed_line(student, rng):
    """Each number goes through tanh(α x) and is then scaled and moved by its feature's numbers."""
    for dtype in (torch.float64, torch.float32):
        for shape in shapes(rng):
            layer, state = dyt(student, rng, shape[-1], dtype)
            x = normal(rng, *shape, dtype=dtype)
            expected = by_exponentials(doubled(state), x.double()).to(dtype)
            expect(layer(x).detach(), expected, tolerance=TOLERANCE[dtype])


@exercise("transformer.DyT")
def test_a_number_does_not_feel_the_others(student, rng):
    """Changing one number changes its own result only, and large ones end at weight + bias."""
    for _ in range(3):
        length, width = different(rng, 2, 3, 9)
        layer, state = dyt(student, rng, width)
        x = normal(rng, length, width)
        x[rng.randrange(length), rng.randrange(width)] = 1e4
        expect(layer(x).detach(), by_exponentials(state, x), tolerance=TOLERANCE[x.dtype])
        views = student.support.layer_on_views(layer, x)
        expect(views.detach(), by_exponentials(state, x), tolerance=TOLERANCE[x.dtype])


@exercise("transformer.DyT")
def test_gradients_of_dyt(student, rng):
    """Gradients reach x, the weights, the bias, and α, which is one for all."""
    for shape in shapes(rng):
        layer, _ = dyt(student, rng, shape[-1])
        check_gradients(rng, layer, by_exponentials, normal(rng, *shape))


# --- gelu -------------------------------------------------------------------------------------


def exact_gelu(x, approximate="none"):
    """Number by number in Python's floats."""

    def one(number):
        if approximate == "none":
            return number * 0.5 * math.erfc(-number / 2**0.5)
        inner = (2 / math.pi) ** 0.5 * (number + 0.044715 * number * number * number)
        return number * 0.5 * (1 + math.tanh(inner))

    numbers = [one(number) for number in x.double().flatten().tolist()]
    return torch.tensor(numbers, dtype=torch.float64).reshape(x.shape).to(x.dtype)


@exercise("transformer.gelu", weight=2)
def test_both_kinds_of_gelu(student, rng):
    """Exactly by the error function, which is the default, and nearly by a tanh, as asked for."""
    for shape in [(), *shapes(rng)]:
        x = 2 * normal(rng, *shape)
        expect(student.transformer.gelu(x), exact_gelu(x), tolerance=TOLERANCE[x.dtype])
        for kind in ("none", "tanh"):
            got = student.transformer.gelu(x, approximate=kind)
            expect(got, exact_gelu(x, kind), tolerance=TOLERANCE[x.dtype])


@exercise("transformer.gelu")
def test_far_from_zero(student, rng):
    """Large numbers stay as they are, very negative ones become 0, and 0 stays 0."""
    for kind in ("none", "tanh"):
        x = torch.tensor([0.0, 0.1, 30.0, 1e3, 1e9, -30.0, -1e3, -1e9], dtype=torch.float64)
        for part in x.split(1):
            got = student.transformer.gelu(part, kind)
            expect(got, exact_gelu(part, kind), tolerance=TOLERANCE[x.dtype])
        x = torch.linspace(-6, 6, 50, dtype=torch.float64)[:, None] * normal(rng, 1, 3)
        got = student.support.on_views("gelu", x, kind)
        expect(got, exact_gelu(x, kind), tolerance=TOLERANCE[x.dtype])


@exercise("transformer.gelu")
def test_gelu_in_every_dtype(student, rng):
    """What comes in 16 bits is computed in 32, also where the cube is large, and comes back."""
    for dtype in TOLERANCE:
        for kind in ("none", "tanh"):
            for size in (1.0, 40.0):
                x = (size * normal(rng, 5, 12)).to(dtype)
                got = student.transformer.gelu(x, kind)
                expect(got, exact_gelu(x, kind), tolerance=TOLERANCE[dtype])
                small = (normal(rng, 30) / 8).to(dtype)
                got = student.transformer.gelu(small, kind)
                expect(got, exact_gelu(small, kind), tolerance=TOLERANCE[dtype])
            if dtype.itemsize == 2:  # where little is left of 1 + erf, or of 1 + tanh
                x = (-2.5 - normal(rng, 20).abs().clamp(max=1)).to(dtype)
                got = student.transformer.gelu(x, kind)
                expect(got, exact_gelu(x, kind), tolerance=TOLERANCE[dtype])


@exercise("transformer.gelu")
def test_slopes_of_gelu(student, rng):
    """The gradient is Φ(x) + x φ(x), and that of the approximation near it."""
    for shape in shapes(rng):
        for kind in ("none", "tanh"):
            mine, theirs = (normal(rng, *shape) for _ in range(2))
            theirs = mine.clone().requires_grad_()
            mine.requires_grad_()
            weights = normal(rng, *shape)
            (student.transformer.gelu(mine, kind) * weights).sum().backward()
            (functional.gelu(theirs, approximate=kind) * weights).sum().backward()
            expect(mine.grad, theirs.grad, tolerance=OF_GRADIENTS)


# --- SwiGLU -----------------------------------------------------------------------------------


def swiglu(student, rng, width, inner, dtype=torch.float64):
    layer = student.transformer.SwiGLU(width, inner)
    state = {
        "in_proj.weight": normal(rng, 2 * inner, width, dtype=dtype) / width**0.5,
        "out_proj.weight": normal(rng, width, inner, dtype=dtype) / inner**0.5,
    }
    layer.to(dtype)
    layer.load_state_dict(state)
    return layer, state


def gated(state, x):
    """One matrix after the other, silu by its definition."""
    first, third = state["in_proj.weight"].tensor_split(2)
    gate = x @ first.T
    return ((gate / (1 + (-gate).exp())) * (x @ third.T)) @ state["out_proj.weight"].T


@exercise("transformer.SwiGLU", weight=2)
def test_the_first_half_is_the_gate(student, rng):
    """W₂ (silu(W₁ x) ∘ W₃ x), at every position, with W₁ in the first rows of in_proj."""
    for shape in shapes(rng):
        inner = rng.choice([n for n in range(1, 9) if n not in shape])
        layer, state = swiglu(student, rng, shape[-1], inner)
        x = 2 * normal(rng, *shape)
        expect(layer(x).detach(), gated(state, x), tolerance=1e-12)
        views = student.support.layer_on_views(layer, x)
        expect(views.detach(), gated(state, x), tolerance=1e-12)


@exercise("transformer.SwiGLU")
def test_far_gates_are_open_or_shut(student, rng):
    """A gate far above 0 lets everything through, one far below lets nothing; in 32 bits too."""
    for dtype in (torch.float64, torch.float32):
        layer, state = swiglu(student, rng, 5, 3, dtype)
        for size in (1.0, 20.0):
            x = size * normal(rng, 2, 4, 5, dtype=dtype)
            expected = gated(doubled(state), x.double()).to(dtype)
            expect(layer(x).detach(), expected, tolerance=4 * TOLERANCE[dtype])


@exercise("transformer.SwiGLU")
def test_gradients_of_swiglu(student, rng):
    """Gradients reach x and both matrices."""
    for shape in shapes(rng):
        inner = rng.choice([n for n in range(1, 9) if n not in shape])
        layer, _ = swiglu(student, rng, shape[-1], inner)
        check_gradients(rng, layer, gated, normal(rng, *shape))


# --- The layers -------------------------------------------------------------------------------

ENCODER_NAMES = {  # ours → torch's
    "attention.in_proj.weight": "self_attn.in_proj_weight",
    "attention.in_proj.bias": "self_attn.in_proj_bias",
    "attention.out_proj.weight": "self_attn.out_proj.weight",
    "attention.out_proj.bias": "self_attn.out_proj.bias",
    "attention_norm.weight": "norm1.weight",
    "attention_norm.bias": "norm1.bias",
    "mlp_norm.weight": "norm2.weight",
    "mlp_norm.bias": "norm2.bias",
    "mlp.in_proj.weight": "linear1.weight",
    "mlp.in_proj.bias": "linear1.bias",
    "mlp.out_proj.weight": "linear2.weight",
    "mlp.out_proj.bias": "linear2.bias",
}
DECODER_NAMES = ENCODER_NAMES | {
    "cross_attention.in_proj.weight": "multihead_attn.in_proj_weight",
    "cross_attention.in_proj.bias": "multihead_attn.in_proj_bias",
    "cross_attention.out_proj.weight": "multihead_attn.out_proj.weight",
    "cross_attention.out_proj.bias": "multihead_attn.out_proj.bias",
    "cross_norm.weight": "norm2.weight",
    "cross_norm.bias": "norm2.bias",
    "mlp_norm.weight": "norm3.weight",
    "mlp_norm.bias": "norm3.bias",
}


def layer_and_library(student, kind, rng, width, n_heads, inner, dtype=torch.float64, **options):
    """The student's layer, and torch's with the same random parameters, in float64."""
    layer = getattr(student.transformer, kind)(width, n_heads, inner, **options)
    make, names = {
        "EncoderLayer": (nn.TransformerEncoderLayer, ENCODER_NAMES),
        "CrossDecoderLayer": (nn.TransformerDecoderLayer, DECODER_NAMES),
    }[kind]
    library = make(
        width,
        n_heads,
        inner,
        dropout=0.0,
        activation="gelu",
        layer_norm_eps=options.get("eps", 1e-5),
        batch_first=True,
        norm_first=options.get("norm_first", True),
        dtype=torch.float64,
    )
    state = {
        name: normal(rng, *tensor.shape, dtype=dtype) / tensor.shape[-1] ** 0.5
        for name, tensor in parameters(layer).items()
    }
    layer.to(dtype)
    layer.load_state_dict(state)
    library.load_state_dict({names[name]: tensor.double() for name, tensor in state.items()})
    return layer, library


def layers(student, kind, rng):
    """Layers of both kinds, from the smallest up: (layer, library, batch, length, width, heads)."""
    for norm_first in (True, False):
        for size, length, n_heads, per_head, inner in [
            (1, 1, 1, 3, 2),
            different(rng, 5),
            different(rng, 5),
        ]:
            options = {} if norm_first else {"norm_first": False}
            width = n_heads * per_head
            layer, library = layer_and_library(student, kind, rng, width, n_heads, inner, **options)
            yield layer, library, size, length, width, n_heads


def some_mask(rng, size, n_heads, n_queries, n_keys):
    """True where a query may attend; every query sees something."""
    seen = normal(rng, size, n_heads, n_queries, n_keys) > 0
    seen[..., torch.arange(n_queries), rng.choices(range(n_keys), k=n_queries)] = True
    return seen


def library_gradients(library, names):
    theirs = dict(library.named_parameters())
    return {name: theirs[other].grad for name, other in names.items()}


def check_layer_gradients(rng, layer, names, run, library, inputs):
    """As check_gradients, where the library has the parameters. `run(inputs)` calls it."""
    mine, theirs = ([t.clone().requires_grad_() for t in inputs] for _ in range(2))
    out, expected = layer(*mine), run(*theirs)
    expect_that(out.requires_grad, expected="an output that gradients flow through", got="none")
    weights = normal(rng, *expected.shape)
    (out * weights).sum().backward()
    (expected * weights).sum().backward()
    for number, (got, right) in enumerate(zip(mine, theirs, strict=True)):
        found = torch.zeros_like(right) if got.grad is None else got.grad
        expect(found, right.grad, given=f"the gradient of input {number}", tolerance=OF_GRADIENTS)
    found = gradients(layer)
    for name, right in library_gradients(library, names).items():
        expect(found[name], right, given=f"the gradient of {name}", tolerance=OF_GRADIENTS)


@exercise("transformer.EncoderLayer", weight=2)
def test_pre_norm_is_that_of_the_library(student, rng):
    """By default the norm comes first: torch's layer with norm_first=True and the same weights."""
    for layer, library, size, length, width, _ in list(layers(student, "EncoderLayer", rng))[:3]:
        x = normal(rng, size, length, width)
        expect(layer(x).detach(), library(x).detach(), tolerance=OF_LAYERS[x.dtype])


@exercise("transformer.EncoderLayer", weight=2)
def test_post_norm_is_that_of_the_library(student, rng):
    """With norm_first=False the norm comes after the sum, as in the paper."""
    for layer, library, size, length, width, _ in list(layers(student, "EncoderLayer", rng))[3:]:
        x = normal(rng, size, length, width)
        expect(layer(x).detach(), library(x).detach(), tolerance=OF_LAYERS[x.dtype])


@exercise("transformer.EncoderLayer")
def test_layers_under_masks(student, rng):  # lint: ok square (a mask of a text over itself)
    """Masks of both kinds reach the attention, in pre-norm and post-norm."""
    for layer, library, size, length, width, n_heads in layers(student, "EncoderLayer", rng):
        x = normal(rng, size, length, width)
        seen = some_mask(rng, size, n_heads, length, length)
        for mask in (seen, normal(rng, *seen.shape).masked_fill(~seen, -math.inf)):
            full = mask.flatten(0, 1)
            theirs = library(x, src_mask=~full if full.dtype == torch.bool else full)
            expect(layer(x, mask).detach(), theirs.detach(), tolerance=OF_LAYERS[x.dtype])


@exercise("transformer.EncoderLayer")
def test_without_order_and_without_neighbours(student, rng):
    """Shuffled positions give shuffled outputs, and the rows of a batch do not meet."""
    for layer, library, size, length, width, _ in layers(student, "EncoderLayer", rng):
        x = normal(rng, size, length, width)
        order = rng.sample(range(length), length)
        right = library(x).detach()
        tolerance = OF_LAYERS[x.dtype]
        expect(layer(x[:, order]).detach(), right[:, order], tolerance=tolerance)
        b = rng.randrange(size)
        expect(layer(x[b : b + 1]).detach(), right[b : b + 1], tolerance=tolerance)


@exercise("transformer.EncoderLayer")
def test_layers_of_32_bits_and_other_epsilons(student, rng):
    """In float32, and with an ε that is felt."""
    for norm_first in (True, False):
        for dtype in OF_LAYERS:
            size, length, n_heads, per_head, inner = different(rng, 5)
            sizes = n_heads * per_head, n_heads, inner
            layer, library = layer_and_library(
                student, "EncoderLayer", rng, *sizes, dtype, norm_first=norm_first, eps=0.1
            )
            x = normal(rng, size, length, sizes[0], dtype=dtype) / 3
            expected = library(x.double()).detach().to(dtype)
            expect(layer(x).detach(), expected, tolerance=OF_LAYERS[dtype])


@exercise("transformer.EncoderLayer", weight=2)
def test_gradients_of_the_encoder_layer(student, rng):
    """Gradients reach x and every parameter, in pre-norm and post-norm."""
    for layer, library, size, length, width, _ in layers(student, "EncoderLayer", rng):
        x = normal(rng, size, length, width)
        check_layer_gradients(rng, layer, ENCODER_NAMES, library, library, [x])


def causal(library, x, context, **masks):
    """torch's decoder layer; its masks are True where a query may *not* attend."""
    hidden = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
    return library(x, context, **{"tgt_mask": hidden} | masks)


@exercise("transformer.CrossDecoderLayer", weight=2)
def test_decoder_layer_is_that_of_the_library(student, rng):
    """With a causal mask, torch's layer with the same weights, in pre-norm and post-norm."""
    for layer, library, size, length, width, _ in layers(student, "CrossDecoderLayer", rng):
        x = normal(rng, size, length, width)
        context = 2 * normal(rng, size, length + 3, width) + 1
        expected = causal(library, x, context).detach()
        expect(layer(x, context).detach(), expected, tolerance=OF_LAYERS[x.dtype])


@exercise("transformer.CrossDecoderLayer")
def test_each_attention_has_its_mask(
    student, rng
):  # lint: ok square (a mask of a text over itself)
    """A mask that is given replaces the causal one; the context has its own."""
    for layer, library, size, length, width, n_heads in layers(student, "CrossDecoderLayer", rng):
        x = normal(rng, size, length, width)
        n_keys = length + 2
        context = normal(rng, size, n_keys, width)
        own = some_mask(rng, size, n_heads, length, length)
        other = some_mask(rng, size, n_heads, length, n_keys)
        tolerance = OF_LAYERS[x.dtype]
        for mask, context_mask in [(own, None), (None, other), (own, other)]:
            theirs = {}
            if mask is not None:
                theirs["tgt_mask"] = ~mask.flatten(0, 1)
            if context_mask is not None:
                theirs["memory_mask"] = ~context_mask.flatten(0, 1)
            expected = causal(library, x, context, **theirs).detach()
            got = layer(x, context, mask, context_mask).detach()
            expect(got, expected, tolerance=tolerance)


@exercise("transformer.CrossDecoderLayer")
def test_the_future_is_not_seen(student, rng):
    """What comes later in x changes nothing before it; all of the context is seen."""
    for layer, library, size, length, width, _ in layers(student, "CrossDecoderLayer", rng):
        x = normal(rng, size, length + 2, width)
        context = normal(rng, size, length, width)
        place = rng.randrange(1, length + 2)
        before = causal(library, x, context).detach()[:, :place]
        x[:, place:] = normal(rng, size, length + 2 - place, width)
        got = layer(x, context).detach()[:, :place]
        expect(got, before, tolerance=OF_LAYERS[x.dtype])
        context[:, -1] += 1
        expected = causal(library, x, context).detach()
        expect(layer(x, context).detach(), expected, tolerance=OF_LAYERS[x.dtype])


@exercise("transformer.CrossDecoderLayer", weight=2)
def test_gradients_of_the_decoder_layer(student, rng):
    """Gradients reach x, the context and every parameter, in pre-norm and post-norm."""
    for layer, library, size, length, width, _ in layers(student, "CrossDecoderLayer", rng):
        inputs = [normal(rng, size, length, width), normal(rng, size, length + 1, width)]
        check_layer_gradients(
            rng,
            layer,
            DECODER_NAMES,
            lambda x, context, library=library: causal(library, x, context),
            library,
            inputs,
        )
