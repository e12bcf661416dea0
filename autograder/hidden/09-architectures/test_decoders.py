"""GPT-2: its logits, weights that come from elsewhere, and how many there are."""

import torch

from autograder.testing import exercise, expect

TOLERANCE = 1e-9  # of float64, see conftest


def make(student, rng, oracle, max_length=9, dtype=torch.float64, **given):
    """A GPT-2 over there, its sizes and its weights."""
    sizes = oracle.some_sizes(rng, max_length=max_length, **given)
    state = oracle.weights(rng, oracle.gpt2_shapes(sizes))
    model = student.architectures.GPT2(student.architectures.GPT2Config.obj(**sizes))
    model.to(dtype)
    model.load_state_dict({name: tensor.to(dtype) for name, tensor in state.items()})
    return model, sizes, state


# --- GPT2 -------------------------------------------------------------------------------------


@exercise("architectures.GPT2", weight=2)
def test_logits_of_gpt2(student, rng, oracle):
    """The logits of all positions, for one row and several, short and as long as can be."""
    for rows, length in [(1, 1), (1, 3), (2, 5), (3, 9)]:
        model, sizes, state = make(student, rng, oracle)
        tokens = oracle.text(rng, rows, length)
        expected = oracle.gpt2(state, sizes, tokens)
        expect(model(tokens).detach(), expected, tolerance=TOLERANCE)


@exercise("architectures.GPT2")
def test_gpt2_hears_the_past_only(student, rng, oracle):
    """A later token changes no earlier logit, and an earlier one changes later logits."""
    model, sizes, state = make(student, rng, oracle)
    tokens = oracle.text(rng, 1, 6)
    before = model(tokens).detach()
    tokens[0, 3] = (tokens[0, 3] + 1) % oracle.VOCABULARY
    after = model(tokens).detach()
    expect(after[:, :3], before[:, :3], given="logits before the token that changed")
    expect(after, oracle.gpt2(state, sizes, tokens), tolerance=TOLERANCE)


@exercise("architectures.GPT2")
def test_the_same_word_in_another_place(student, rng, oracle):
    """A text of one word again and again has other logits at every position."""
    model, sizes, state = make(student, rng, oracle, n_layers=1)
    tokens = torch.full((2, 7), rng.randrange(oracle.VOCABULARY))
    tokens[1] = (tokens[1] + 1) % oracle.VOCABULARY
    expect(model(tokens).detach(), oracle.gpt2(state, sizes, tokens), tolerance=TOLERANCE)


@exercise("architectures.GPT2")
def test_gpt2_in_half_the_digits(student, rng, oracle):
    """A model in float32 answers in float32, near what it answers in float64."""
    model, sizes, state = make(student, rng, oracle, dtype=torch.float32)
    tokens = oracle.text(rng, 2, 4)
    expected = oracle.gpt2(state, sizes, tokens).float()
    expect(model(tokens).detach(), expected, tolerance=1e-4)


@exercise("architectures.GPT2")
def test_gradients_reach_all_of_gpt2(student, rng, oracle, expect_gradients):
    """Every weight gets its gradient; the embedding gets those of both of its uses."""
    model, sizes, state = make(student, rng, oracle, max_length=5, n_layers=2)
    state = {name: tensor.requires_grad_() for name, tensor in state.items()}
    tokens = oracle.text(rng, 2, 4)
    expect_gradients(model, [model(tokens)], state, [oracle.gpt2(state, sizes, tokens)])


# --- from_gpt2 --------------------------------------------------------------------------------

PARTS = {  # ours → theirs, and whether the matrix is the other way round
    "attention_norm": ("ln_1", False),
    "attention.in_proj": ("attn.c_attn", True),
    "attention.out_proj": ("attn.c_proj", True),
    "mlp_norm": ("ln_2", False),
    "mlp.in_proj": ("mlp.c_fc", True),
    "mlp.out_proj": ("mlp.c_proj", True),
}
WHOLE = {
    "embedding.weight": "wte.weight",
    "positions.weight": "wpe.weight",
    "norm.weight": "ln_f.weight",
    "norm.bias": "ln_f.bias",
}


def theirs_of(ours, n_layers, prefix="transformer."):
    """The state dict of a GPT2LMHeadModel with our weights."""
    found = {f"{prefix}{there}": ours[here] for here, there in WHOLE.items()}
    for number in range(n_layers):
        for here, (there, is_turned) in PARTS.items():
            for kind in ("weight", "bias"):
                tensor = ours[f"layers.{number}.{here}.{kind}"]
                is_matrix = is_turned and kind == "weight"
                name = f"{prefix}h.{number}.{there}.{kind}"
                found[name] = tensor.T.contiguous() if is_matrix else tensor
    return found


def drawn(rng, oracle, n_layers, dtype=torch.float64):
    sizes = oracle.some_sizes(rng, n_layers=n_layers, max_length=7)
    state = oracle.weights(rng, oracle.gpt2_shapes(sizes))
    return sizes, {name: tensor.to(dtype) for name, tensor in state.items()}


@exercise("architectures.from_gpt2", weight=2)
def test_every_tensor_has_its_place(student, rng, oracle):
    """Each of their tensors comes under our name, and matrices of linear layers are turned."""
    for n_layers in (1, 2, 3):
        _, ours = drawn(rng, oracle, n_layers)
        theirs = theirs_of(ours, n_layers)
        theirs["lm_head.weight"] = theirs["transformer.wte.weight"]
        expect(student.architectures.from_gpt2(theirs), ours, tolerance=0.0)


@exercise("architectures.from_gpt2")
def test_the_published_file(student, rng, oracle):
    """Names without a prefix, no last matrix, and masks that are no weights."""
    _, ours = drawn(rng, oracle, 2)
    theirs = {}
    for number in range(2):
        theirs[f"h.{number}.attn.bias"] = torch.ones(1, 1, 7, 7, dtype=torch.float64).tril()
        theirs[f"h.{number}.attn.masked_bias"] = torch.tensor(-1e4, dtype=torch.float64)
    theirs |= theirs_of(ours, 2, prefix="")
    expect(student.architectures.from_gpt2(theirs), ours, tolerance=0.0)
    both = {f"transformer.{name}": tensor for name, tensor in theirs.items()}
    expect(student.architectures.from_gpt2(both), ours, tolerance=0.0)


@exercise("architectures.from_gpt2")
def test_more_than_ten_layers(student, rng, oracle):
    """Layer 1 is not layer 11."""
    _, ours = drawn(rng, oracle, 12)
    expect(student.architectures.from_gpt2(theirs_of(ours, 12)), ours, tolerance=0.0)


@exercise("architectures.from_gpt2")
def test_numbers_stay_as_they_are(student, rng, oracle):
    """Nothing is rounded or widened: the dtype is that of the file."""
    for dtype in (torch.float32, torch.bfloat16):
        _, ours = drawn(rng, oracle, 2, dtype)
        expect(student.architectures.from_gpt2(theirs_of(ours, 2)), ours, tolerance=0.0)


@exercise("architectures.from_gpt2")
def test_a_loaded_model_says_the_same(student, rng, oracle):
    """Our GPT-2 loads the result without a word, and computes what theirs does."""
    sizes, ours = drawn(rng, oracle, 2)
    model = student.architectures.GPT2(student.architectures.GPT2Config.obj(**sizes))
    model.to(torch.float64)
    model.load_state_dict(student.architectures.from_gpt2(theirs_of(ours, 2)))
    tokens = oracle.text(rng, 2, 5)
    expect(model(tokens).detach(), oracle.gpt2(ours, sizes, tokens), tolerance=TOLERANCE)


# --- count_parameters -------------------------------------------------------------------------


def counted(shapes):
    """By the names of the parts."""
    found = {"embeddings": 0, "attention": 0, "feed_forward": 0, "norms": 0}
    for name, shape in shapes.items():
        if "norm" in name:
            part = "norms"
        elif "attention." in name:
            part = "attention"
        else:
            part = "feed_forward" if ".mlp." in name else "embeddings"
        found[part] += torch.Size(shape).numel()
    return found


def llama_shapes(c):
    shapes = {"norm.weight": (c["width"],), "embedding.weight": (c["vocabulary"], c["width"])}
    if not c["tied"]:
        shapes["head.weight"] = shapes["embedding.weight"]
    rows = (c["n_heads"] + 2 * c["n_kv_heads"]) * c["head_width"]
    for number in range(c["n_layers"]):
        shapes |= {
            f"layers.{number}.attention_norm.weight": (c["width"],),
            f"layers.{number}.attention.in_proj.weight": (rows, c["width"]),
            f"layers.{number}.attention.out_proj.weight": (
                c["width"],
                c["n_heads"] * c["head_width"],
            ),
            f"layers.{number}.mlp_norm.weight": (c["width"],),
            f"layers.{number}.mlp.in_proj.weight": (2 * c["inner"], c["width"]),
            f"layers.{number}.mlp.out_proj.weight": (c["width"], c["inner"]),
        }
    return shapes


@exercise("architectures.count_parameters", weight=2)
def test_a_gpt2_of_any_size(student, rng, oracle):
    """The four parts of a GPT-2, as the shapes of its tensors give them."""
    for _ in range(5):
        sizes = oracle.some_sizes(rng, max_length=rng.randint(3, 40))
        config = student.architectures.GPT2Config.obj(**sizes)
        got = student.architectures.count_parameters(config)
        expect(got, counted(oracle.gpt2_shapes(sizes)), given=f"GPT2Config({sizes})")


@exercise("architectures.count_parameters", weight=2)
def test_a_llama_of_any_size(student, rng):
    """The four parts of a LLaMA, with fewer heads of keys, and heads wider than the model."""
    for tied in (True, False, True, False):
        groups = rng.choice([1, 2, 3])
        sizes = {
            "vocabulary": rng.randint(5, 50),
            "width": rng.choice([14, 22]),
            "n_layers": rng.randint(1, 5),
            "n_heads": groups * rng.choice([2, 4]),
            "n_kv_heads": groups,
            "head_width": rng.choice([4, 6]),
            "inner": rng.choice([11, 31]),
            "tied": tied,
        }
        config = student.models.DecoderConfig.obj(**sizes)
        got = student.architectures.count_parameters(config)
        expect(got, counted(llama_shapes(sizes)), given=f"DecoderConfig({sizes})")


@exercise("architectures.count_parameters")
def test_published_sizes_of_gpt2(student):
    """The four GPT-2 models that were published, without making one of them."""
    totals = {(768, 12): 124_439_808, (1024, 24): 354_823_168, (1280, 36): 774_030_080}
    totals[1600, 48] = 1_557_611_200
    for (width, n_layers), total in totals.items():
        config = student.architectures.GPT2Config.obj(50_257, width, n_layers, width // 64)
        got = student.architectures.count_parameters(config)
        expect(sum(got.values()), total, given=f"width {width}, {n_layers} layers")


@exercise("architectures.count_parameters")
def test_published_sizes_of_llama(student):
    """LLaMA with 7 billion parameters and Llama 2 with 70, which would not fit into memory."""
    known = [
        ((32_000, 4096, 32, 32, 32, 128, 11_008), 6_738_415_616),
        ((32_000, 8192, 80, 64, 8, 128, 28_672), 68_976_648_192),
    ]
    for sizes, total in known:
        config = student.models.DecoderConfig.obj(*sizes, tied=False)
        got = student.architectures.count_parameters(config)
        expect(sum(got.values()), total, given=f"DecoderConfig{sizes}, tied=False")
