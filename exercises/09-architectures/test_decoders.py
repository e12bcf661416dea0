"""GPT-2 and its weights: models so small that you can work them out by hand."""

import torch

from autograder.testing import complaint, exercise, expect, expect_that

EXACT_ENOUGH = 1e-5  # some roundings of float32


def zeros_but(shapes, **given):
    """A state dict of zeros; norms have the weight 1; then what is given, with _ for a dot."""
    state = {name: torch.full(shape, 1.0 * name.endswith("norm.weight")) for name, shape in shapes}
    return state | {name.replace("__", "."): torch.tensor(t) for name, t in given.items()}


def layer_shapes(width):
    yield from [("norm.weight", (width,)), ("norm.bias", (width,))]
    for norm in ("attention_norm", "mlp_norm"):
        yield from [(f"layers.0.{norm}.{kind}", (width,)) for kind in ("weight", "bias")]
    for name, n_in, n_out in [
        ("attention.in_proj", width, 3 * width),
        ("attention.out_proj", width, width),
        ("mlp.in_proj", width, 4 * width),
        ("mlp.out_proj", 4 * width, width),
    ]:
        yield f"layers.0.{name}.weight", (n_out, n_in)
        yield f"layers.0.{name}.bias", (n_out,)


def silent(student):
    """Two features, three tokens; the layer adds nothing, since all its matrices are 0."""
    config = student.architectures.GPT2Config(3, 2, 1, 1, max_length=4, norm_eps=0.0)
    model = student.architectures.GPT2(config)
    embedding = [[1.0, 0.0], [0.0, 1.0], [2.0, 5.0]]
    positions = [[0.0, 0.0], [0.0, 9.0], [9.0, 0.0], [0.0, 0.0]]
    given = {"embedding__weight": embedding, "positions__weight": positions}
    model.load_state_dict(zeros_but(layer_shapes(2), **given))
    return model


@exercise("architectures.GPT2")
def test_a_model_whose_layer_is_silent(student):
    """Token 0 alone: [1, 0] is normed to [1, -1], and meets the rows of the embedding."""
    got = silent(student)(torch.tensor([[0]])).detach()
    expect(got, torch.tensor([[[1.0, -1.0, -3.0]]]), tolerance=EXACT_ENOUGH)


@exercise("architectures.GPT2")
def test_positions_are_added(student):
    """[1, 0] at positions 0 to 2 is [1, 0], [1, 9], [10, 0]: normed [1, -1], [-1, 1], [1, -1]."""
    got = silent(student)(torch.tensor([[0, 0, 0]])).detach()
    first = [1.0, -1.0, -3.0]
    second = [-1.0, 1.0, 3.0]
    expect(got, torch.tensor([[first, second, first]]), tolerance=EXACT_ENOUGH)


@exercise("architectures.GPT2")
def test_no_position_sees_the_next(student):
    """A change of the last token leaves the logits before it as they were; too long is too long."""
    config = student.architectures.GPT2Config(5, 4, 2, 2, max_length=4)
    model = student.architectures.GPT2(config)
    one = model(torch.tensor([[1, 2, 3]])).detach()
    other = model(torch.tensor([[1, 2, 4]])).detach()
    expect(other[:, :2], one[:, :2])
    differ = bool((other[:, 2] != one[:, 2]).any())
    expect_that(differ, expected="other logits after another last token", got="the same")
    text = complaint(lambda: model(torch.zeros(1, 5, dtype=torch.long)))
    expect_that(text is not None, expected="a ValueError for 5 tokens", got="none")


def their_file(width):
    generator = torch.Generator().manual_seed(width)
    shapes = {
        "wte.weight": (7, width),
        "wpe.weight": (5, width),
        "h.0.ln_1.weight": (width,),
        "h.0.ln_1.bias": (width,),
        "h.0.attn.c_attn.weight": (width, 3 * width),
        "h.0.attn.c_attn.bias": (3 * width,),
        "h.0.attn.c_proj.weight": (width, width),
        "h.0.attn.c_proj.bias": (width,),
        "h.0.ln_2.weight": (width,),
        "h.0.ln_2.bias": (width,),
        "h.0.mlp.c_fc.weight": (width, 4 * width),
        "h.0.mlp.c_fc.bias": (4 * width,),
        "h.0.mlp.c_proj.weight": (4 * width, width),
        "h.0.mlp.c_proj.bias": (width,),
        "ln_f.weight": (width,),
        "ln_f.bias": (width,),
    }
    return {name: torch.randn(shape, generator=generator) for name, shape in shapes.items()}


@exercise("architectures.from_gpt2")
def test_some_of_their_tensors(student):
    """Embeddings stay, matrices of linear layers are turned, also those that are square."""
    theirs = their_file(6)
    ours = student.architectures.from_gpt2({f"transformer.{n}": t for n, t in theirs.items()})
    for name, expected in {
        "embedding.weight": theirs["wte.weight"],
        "layers.0.attention.in_proj.weight": theirs["h.0.attn.c_attn.weight"].T,
        "layers.0.attention.out_proj.weight": theirs["h.0.attn.c_proj.weight"].T,
        "layers.0.mlp.out_proj.bias": theirs["h.0.mlp.c_proj.bias"],
        "norm.bias": theirs["ln_f.bias"],
    }.items():
        expect(ours[name], expected, given=name, tolerance=0.0)


@exercise("architectures.from_gpt2")
def test_what_is_left_out(student):
    """Sixteen tensors go in with a mask and the last matrix; sixteen come out."""
    theirs = their_file(4)
    theirs["h.0.attn.bias"] = torch.ones(1, 1, 5, 5)
    theirs["lm_head.weight"] = theirs["wte.weight"]
    expect(len(student.architectures.from_gpt2(theirs)), 16)


@exercise("architectures.count_parameters")
def test_a_very_small_gpt2(student):
    """V = 5, D = 2, one layer, three positions: 10 + 6, 16 + 8, 32 + 10, three norms of 4."""
    config = student.architectures.GPT2Config.obj(5, 2, 1, 1, max_length=3)
    expected = {"embeddings": 16, "attention": 24, "feed_forward": 42, "norms": 12}
    expect(student.architectures.count_parameters(config), expected)


@exercise("architectures.count_parameters")
def test_a_very_small_llama(student):
    """V = 5, D = 2, H = 2, G = 1, K = 4, F = 3, two layers: 10; 2 · 48; 2 · 18; five norms of 2."""
    sizes = {"n_heads": 2, "n_kv_heads": 1, "head_width": 4, "inner": 3}
    config = student.models.DecoderConfig.obj(5, 2, 2, **sizes)
    expected = {"embeddings": 10, "attention": 96, "feed_forward": 36, "norms": 10}
    expect(student.architectures.count_parameters(config), expected)


@exercise("architectures.count_parameters")
def test_the_smallest_published_gpt2(student):
    """124 million, of which two thirds of what is in the layers are in feed-forward networks."""
    config = student.architectures.GPT2Config.obj(50_257, 768, 12, 12)
    expect(sum(student.architectures.count_parameters(config).values()), 124_439_808)
