"""The oracles of this chapter: whole models written out with torch's own functions, in float64.

Their weights have the names of the course's models, and shapes that are worked out here. That the
course's models are those of transformers is proved in tests/test_architectures.py, where there is
time for its import.
"""

import math
from types import SimpleNamespace

import pytest
import torch
from torch.nn import functional

torch.set_num_threads(1)  # everything here is small

# Two right answers in float64 differ by the order of sums and by some roundings; weights are large
# enough that a mistake moves the result by a hundredth and more.
TOLERANCE = 1e-9
OF_GRADIENTS = 1e-7
VOCABULARY = 19


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def text(rng, *shape, vocabulary=VOCABULARY):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randint(vocabulary, shape, generator=generator)


def weights(rng, shapes):
    """Numbers by name: matrices that keep the size of what they multiply, and norms around 1."""
    drawn = {}
    for name, shape in shapes.items():
        scale = shape[-1] ** -0.5 if len(shape) == 2 and "proj" in name else 0.7
        is_norm = "norm" in name and name.endswith("weight")
        drawn[name] = scale * normal(rng, *shape) + (1.0 if is_norm else 0.0)
    return drawn


def norm_shapes(name, width):
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def linear_shapes(name, n_in, n_out):
    return {f"{name}.weight": (n_out, n_in), f"{name}.bias": (n_out,)}


def layer_shapes(name, width, inner):
    """Of an EncoderLayer."""
    return {
        **norm_shapes(f"{name}.attention_norm", width),
        **linear_shapes(f"{name}.attention.in_proj", width, 3 * width),
        **linear_shapes(f"{name}.attention.out_proj", width, width),
        **norm_shapes(f"{name}.mlp_norm", width),
        **linear_shapes(f"{name}.mlp.in_proj", width, inner),
        **linear_shapes(f"{name}.mlp.out_proj", inner, width),
    }


def linear(w, name, x):
    return functional.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias"))


def norm(w, name, x, eps):
    weight = w[f"{name}.weight"]
    return functional.layer_norm(x, weight.shape, weight, w[f"{name}.bias"], eps)


def rms_norm(w, name, x, eps):
    weight = w[f"{name}.weight"]
    return functional.rms_norm(x, weight.shape, weight, eps)


def attend(w, name, x, context, n_heads, mask=None):
    """Queries of x; keys and values of the context."""
    matrix, bias = w[f"{name}.in_proj.weight"], w.get(f"{name}.in_proj.bias")
    parts = []
    for number, source in enumerate((x, context, context)):
        part = source @ matrix.chunk(3)[number].T
        if bias is not None:
            part = part + bias.chunk(3)[number]
        parts.append(part.unflatten(-1, (n_heads, -1)).transpose(1, 2))
    mixed = functional.scaled_dot_product_attention(*parts, attn_mask=mask)
    return linear(w, f"{name}.out_proj", mixed.transpose(1, 2).flatten(2))


def layer(w, name, x, n_heads, eps, *, norm_first, approximate="none", mask=None):
    def look(y):
        return attend(w, f"{name}.attention", y, y, n_heads, mask)

    def think(y):
        inner = functional.gelu(linear(w, f"{name}.mlp.in_proj", y), approximate=approximate)
        return linear(w, f"{name}.mlp.out_proj", inner)

    for step, its_norm in ((look, "attention_norm"), (think, "mlp_norm")):
        if norm_first:
            x = x + step(norm(w, f"{name}.{its_norm}", x, eps))
        else:
            x = norm(w, f"{name}.{its_norm}", x + step(x), eps)
    return x


def some_sizes(rng, **given):
    """Sizes of a model of which no two that could be confused are equal, but for `given`."""
    n_heads, head = rng.choice([(2, 3), (3, 2), (2, 5), (3, 4)])
    sizes = {
        "vocabulary": VOCABULARY,
        "width": n_heads * head,
        "n_layers": rng.choice([2, 3]),
        "n_heads": n_heads,
        "norm_eps": rng.choice([1e-5, 1e-2]),
    }
    return sizes | given


# --- GPT-2 ------------------------------------------------------------------------------------


def gpt2_shapes(c):
    shapes = {
        "embedding.weight": (c["vocabulary"], c["width"]),
        "positions.weight": (c["max_length"], c["width"]),
        **norm_shapes("norm", c["width"]),
    }
    for number in range(c["n_layers"]):
        shapes |= layer_shapes(f"layers.{number}", c["width"], 4 * c["width"])
    return shapes


def gpt2(w, c, tokens):
    length = tokens.shape[1]
    x = w["embedding.weight"][tokens] + w["positions.weight"][torch.arange(length)]
    past = torch.ones(length, length, dtype=torch.bool).tril()
    for number in range(c["n_layers"]):
        how = {"norm_first": True, "approximate": "tanh", "mask": past}
        x = layer(w, f"layers.{number}", x, c["n_heads"], c["norm_eps"], **how)
    return functional.linear(norm(w, "norm", x, c["norm_eps"]), w["embedding.weight"])


# --- BERT -------------------------------------------------------------------------------------


def bert_shapes(c, prefix=""):
    shapes = {
        "embedding.weight": (c["vocabulary"], c["width"]),
        "positions.weight": (c["max_length"], c["width"]),
        "segments.weight": (2, c["width"]),
        **norm_shapes("embedding_norm", c["width"]),
        **linear_shapes("pooler", c["width"], c["width"]),
    }
    for number in range(c["n_layers"]):
        shapes |= layer_shapes(f"layers.{number}", c["width"], c["inner"])
    return {f"{prefix}{name}": shape for name, shape in shapes.items()}


def bert(w, c, tokens, segments=None, real=None, prefix=""):
    w = {name.removeprefix(prefix): tensor for name, tensor in w.items()}
    segments = tokens * 0 if segments is None else segments
    x = w["embedding.weight"][tokens] + w["positions.weight"][torch.arange(tokens.shape[1])]
    x = norm(w, "embedding_norm", x + w["segments.weight"][segments], c["norm_eps"])
    mask = None if real is None else real[:, None, None].expand(-1, 1, tokens.shape[1], -1)
    for number in range(c["n_layers"]):
        how = {"norm_first": False, "mask": mask}
        x = layer(w, f"layers.{number}", x, c["n_heads"], c["norm_eps"], **how)
    return x


# --- T5 ---------------------------------------------------------------------------------------


def t5_layer_shapes(name, c, cross):
    width, heads = c["width"], c["n_heads"] * c["head_width"]
    shapes = {f"{name}.attention_norm.weight": (width,), f"{name}.mlp_norm.weight": (width,)}
    for kind in ["attention", "cross_attention"][: 1 + cross]:
        shapes[f"{name}.{kind}.in_proj.weight"] = (3 * heads, width)
        shapes[f"{name}.{kind}.out_proj.weight"] = (width, heads)
    if cross:
        shapes[f"{name}.cross_norm.weight"] = (width,)
    return shapes | {
        f"{name}.mlp.0.weight": (c["inner"], width),
        f"{name}.mlp.2.weight": (width, c["inner"]),
    }


def t5_shapes(c):
    shapes = {"embedding.weight": (c["vocabulary"], c["width"])}
    for side in ("encoder", "decoder"):
        shapes[f"{side}_bias.embedding.weight"] = (c["n_buckets"], c["n_heads"])
        shapes[f"{side}_norm.weight"] = (c["width"],)
        for number in range(c["n_layers"]):
            shapes |= t5_layer_shapes(f"{side}.{number}", c, side == "decoder")
    return shapes


def bucket(distance, n_buckets, max_distance, bidirectional):
    """Of the key's position minus the query's, number by number."""
    first = 0
    if bidirectional:
        n_buckets //= 2
        first = n_buckets if distance > 0 else 0
        distance = abs(distance)
    else:
        distance = max(-distance, 0)
    exact = n_buckets // 2
    if distance < exact:
        return first + distance
    share = math.log(distance / exact) / math.log(max_distance / exact)
    return first + min(exact + int(share * (n_buckets - exact) + 1e-6), n_buckets - 1)


def t5_bias(w, c, side, length):
    """H × T × T."""
    how = c["n_buckets"], c["max_distance"], side == "encoder"
    rows = [[bucket(s - t, *how) for s in range(length)] for t in range(length)]
    return w[f"{side}_bias.embedding.weight"][torch.tensor(rows)].permute(2, 0, 1)


def t5_stack(w, c, side, tokens, mask, context=None, context_mask=None):
    x, eps = w["embedding.weight"][tokens], c["norm_eps"]
    for number in range(c["n_layers"]):
        name = f"{side}.{number}"
        y = rms_norm(w, f"{name}.attention_norm", x, eps)
        x = x + attend(w, f"{name}.attention", y, y, c["n_heads"], mask)
        if context is not None:
            y = rms_norm(w, f"{name}.cross_norm", x, eps)
            heads = c["n_heads"]
            x = x + attend(w, f"{name}.cross_attention", y, context, heads, context_mask)
        y = rms_norm(w, f"{name}.mlp_norm", x, eps)
        x = x + linear(w, f"{name}.mlp.2", linear(w, f"{name}.mlp.0", y).relu())
    return rms_norm(w, f"{side}_norm", x, eps)


def t5_encode(w, c, tokens, real=None):
    mask = t5_bias(w, c, "encoder", tokens.shape[1]).expand(len(tokens), -1, -1, -1)
    if real is not None:
        mask = torch.where(real[:, None, None], mask, -torch.inf)
    return t5_stack(w, c, "encoder", tokens, mask)


def t5_decode(w, c, written, context, real=None):
    length = written.shape[1]
    later = torch.full((length, length), -torch.inf, dtype=torch.float64).triu(1)
    mask = t5_bias(w, c, "decoder", length) + later
    read = None if real is None else real[:, None, None].expand(-1, 1, length, -1)
    x = t5_stack(w, c, "decoder", written, mask[None], context, read)
    return functional.linear(x / math.sqrt(c["width"]), w["embedding.weight"])


# --- ViT --------------------------------------------------------------------------------------


def vit_shapes(c):
    n_patches = (c["image"] // c["patch"]) ** 2
    shapes = {
        "class_token": (c["width"],),
        "positions": (n_patches + 1, c["width"]),
        **linear_shapes("patch_proj", c["channels"] * c["patch"] ** 2, c["width"]),
        **norm_shapes("norm", c["width"]),
        **linear_shapes("head", c["width"], c["n_classes"]),
    }
    for number in range(c["n_layers"]):
        shapes |= layer_shapes(f"layers.{number}", c["width"], c["inner"])
    return shapes


def vit(w, c, images):
    window = w["patch_proj.weight"].unflatten(1, (c["channels"], c["patch"], c["patch"]))
    cut = functional.conv2d(images, window, w["patch_proj.bias"], stride=c["patch"])
    rows = [w["class_token"].expand(len(images), 1, -1), cut.flatten(2).transpose(1, 2)]
    x = torch.cat(rows, dim=1) + w["positions"]
    for number in range(c["n_layers"]):
        x = layer(w, f"layers.{number}", x, c["n_heads"], c["norm_eps"], norm_first=True)
    return linear(w, "head", norm(w, "norm", x, c["norm_eps"])[:, 0])


@pytest.fixture
def oracle():
    """The functions of this file."""
    return SimpleNamespace(**globals())


@pytest.fixture
def expect_gradients(rng):
    """Compare the derivatives of a random sum of two models' outputs, for each parameter.

    `outputs` and `right` are lists of tensors; `right` is made of the leaves in `state`.
    """
    from autograder.student import gradients
    from autograder.testing import expect, expect_that

    def compare(model, outputs, state, right):
        for got, expected in zip(outputs, right, strict=True):
            wish = "an output that gradients flow through"
            expect_that(got.requires_grad, expected=wish, got="one without")
            factor = normal(rng, *expected.shape)
            (got * factor).sum().backward(retain_graph=True)
            (expected * factor).sum().backward(retain_graph=True)
        found = gradients(model)
        for name, leaf in state.items():
            got = torch.zeros_like(leaf) if found[name] is None else found[name]
            due = torch.zeros_like(leaf) if leaf.grad is None else leaf.grad
            expect(got, due, given=f"the gradient of {name}", tolerance=OF_GRADIENTS)

    return compare
