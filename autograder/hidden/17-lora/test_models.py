"""A whole model: where corrections go, and what is saved of them."""

import torch

from autograder.student import parameters, read
from autograder.testing import complaint, exercise, expect, expect_that

LINEAR = ["attention.in_proj", "attention.out_proj", "mlp.0", "mlp.2"]


def model_of(student, rng):
    """(model over there, its parameters here, number of layers, tokens)."""
    n_layers = rng.choice([2, 3])
    model = student.support.Model(rng.choice([4, 5, 6]), n_layers)
    tokens = torch.tensor([[rng.randrange(7) for _ in range(5)] for _ in range(3)])
    return model, parameters(model), n_layers, tokens


def some_patterns(rng, n_layers):
    """(regular expression, the names that it matches entirely)."""
    every = [f"layers.{i}.{name}" for i in range(n_layers) for name in LINEAR]
    which = rng.randrange(n_layers)
    name = rng.choice(LINEAR)
    yield r"layers\.\d+\.attention\.in_proj", [n for n in every if n.endswith("in_proj")]
    yield rf"layers\.{which}\..*", [n for n in every if n.startswith(f"layers.{which}.")]
    yield rf".*\.({name}|none)".replace("mlp.", r"mlp\."), [n for n in every if n.endswith(name)]
    yield ".*", [*every, "head"]
    yield "head", ["head"]
    yield r"head|layers\.0\.mlp\.\d", ["layers.0.mlp.0", "layers.0.mlp.2", "head"]


@exercise("lora.add_lora", weight=2)
def test_linear_layers_of_that_name_are_found(student, rng):
    """The names are those of linear layers that the pattern matches entirely, in their order."""
    for _ in range(2):
        n_layers = model_of(student, rng)[2]
        for pattern, _ in some_patterns(rng, n_layers):
            model, _, n_layers, _ = model_of(student, rng)
            for other, names in some_patterns(rng, n_layers):
                if other == pattern:
                    expect(student.lora.add_lora(model, pattern, 2), names)


@exercise("lora.add_lora", weight=2)
def test_only_corrections_learn(student, rng):
    """All parameters of the model are frozen; what learns is down and up of the layers found."""
    for which in range(6):
        model, _, n_layers, _ = model_of(student, rng)
        pattern, names = list(some_patterns(rng, n_layers))[which]
        expect(student.lora.add_lora(model, pattern, 2), names)
        expected = sorted(f"{name}.{part}" for name in names for part in ("down", "up"))
        expect(sorted(student.support.learning(model)), expected, given="what learns")


@exercise("lora.add_lora")
def test_model_computes_the_same_at_first(student, rng):
    """Right after it the model's outputs are what they were."""
    for which in range(6):
        model, _, n_layers, tokens = model_of(student, rng)
        before = model(tokens).detach()
        pattern, names = list(some_patterns(rng, n_layers))[which]
        expect(student.lora.add_lora(model, pattern, 3, 5.0), names)
        expect(model(tokens).detach(), before, tolerance=1e-12)


@exercise("lora.add_lora")
def test_model_computes_with_the_corrections(student, rng):
    """With numbers in up, outputs are those of a model whose weights hold the corrections."""
    for _ in range(3):
        model, weights, n_layers, tokens = model_of(student, rng)
        pattern, names = rng.choice(list(some_patterns(rng, n_layers)))
        rank = rng.choice([1, 2, 3])
        expect(student.lora.add_lora(model, pattern, rank, 2.0), names)
        learned = {}
        for name in names:
            n_out, n_in = weights[f"{name}.weight"].shape
            generator = torch.Generator().manual_seed(rng.getrandbits(31))
            down = torch.randn(rank, n_in, generator=generator, dtype=torch.float64)
            up = torch.randn(n_out, rank, generator=generator, dtype=torch.float64)
            learned |= {f"{name}.down": down, f"{name}.up": up}
            weights[f"{name}.weight"] = weights[f"{name}.weight"] + 2.0 / rank * up @ down
        model.load_state_dict(learned, strict=False)
        width = weights["embedding.weight"].shape[1]
        plain = student.support.Model(width, n_layers)
        plain.load_state_dict(weights)
        expect(model(tokens).detach(), plain(tokens).detach(), tolerance=1e-11)


@exercise("lora.add_lora")
def test_settings_are_passed_on(student, rng):
    """Rank, α and dropout are those of every layer; the weights are still the model's own."""
    for alpha in (None, 6.0):
        model, weights, n_layers, _ = model_of(student, rng)
        rank = rng.choice([2, 3])
        names = student.lora.add_lora(model, r".*mlp\.\d", rank, alpha, dropout=0.25)
        expect(len(names), 2 * n_layers, given="how many layers")
        for name in names:
            expect(float(read(model, f"{name}.scale")), 1.0 if alpha is None else alpha / rank)
            expect(read(model, f"{name}.dropout.p"), 0.25)
            found = read(model, f"{name}.base.weight").detach()
            expect(found, weights[f"{name}.weight"], given=f"the weights of {name}")
            expect(len(read(model, f"{name}.down")), rank, given=f"the rank of {name}")


@exercise("lora.add_lora")
def test_pattern_that_fits_nothing(student, rng):
    """If no linear layer has such a name, that is a ValueError, and the model stays as it was."""
    for pattern in (
        "mlp",
        "in_proj",
        "layers",
        r"layers\.\d+\.norm",
        "embedding",
        "hea",
        "head.",
        "HEAD",
    ):
        model, weights, _, _ = model_of(student, rng)
        said = complaint(lambda p=pattern, m=model: student.lora.add_lora(m, p, 2))
        expect_that(said is not None, expected=f"a ValueError for {pattern}", got=said)
        expect(student.support.learning(model), list(weights), given="what learns after it")
        expect(list(parameters(model)), list(weights), given="the parameters after it")


# --- lora_state -----------------------------------------------------------------------------------


def corrected(student, rng, which=None):
    """A model with corrections, the names of the layers that have one, and tokens."""
    model, weights, n_layers, tokens = model_of(student, rng)
    patterns = list(some_patterns(rng, n_layers))
    names = patterns[rng.randrange(6) if which is None else which][1]
    rank = rng.choice([1, 2, 3])
    return student.support.corrected.obj(model, names, rank), names, tokens, (weights, rank)


@exercise("lora.lora_state", weight=2)
def test_corrections_by_their_dotted_names(student, rng):
    """Down and up of each corrected layer, under the names that they have in the model."""
    for which in range(6):
        model, names, _, _ = corrected(student, rng, which)
        found = parameters(model)
        expected = {f"{name}.{part}": found[f"{name}.{part}"] for name in names for part in PARTS}
        expect(student.lora.lora_state(model), expected)


PARTS = ("down", "up")


@exercise("lora.lora_state")
def test_layer_alone_has_a_state(student, rng):
    """Of a part of a model, names count from that part on."""
    model, _, _, _ = corrected(student, rng, 3)
    block = student.support.part.obj(model, "layers.1.mlp")
    found = parameters(block)
    expected = {name: found[name] for name in found if name.endswith(PARTS)}
    expect(student.lora.lora_state(block), expected)
    layer = student.support.part.obj(model, "layers.1.mlp.0")
    found = parameters(layer)
    expect(student.lora.lora_state(layer), {name: found[name] for name in PARTS})


@exercise("lora.lora_state")
def test_model_without_corrections_has_no_state(student, rng):
    """Where nothing is corrected nothing is saved, although layers may be called up and down."""
    model, _, _, _ = model_of(student, rng)
    expect(student.lora.lora_state(model), {})
    model, names, _, _ = corrected(student, rng, 4)
    found = parameters(model)
    expected = {f"{name}.{part}": found[f"{name}.{part}"] for name in names for part in PARTS}
    expect(student.lora.lora_state(model), expected)
    model = student.support.Others()
    expect(student.lora.lora_state(model), {})


@exercise("lora.lora_state")
def test_state_is_a_copy(student, rng):
    """What was saved stays as it was when learning goes on, and carries no gradients."""
    model, names, _, _ = corrected(student, rng)
    found = parameters(model)
    expected = {f"{name}.{part}": found[f"{name}.{part}"] for name in names for part in PARTS}
    state, with_graph = student.support.state_of_a_moment(model)
    expect(state, expected, given="what was saved before the model changed")
    expect(with_graph, [], given="what has a graph of gradients")


@exercise("lora.lora_state")
def test_state_is_enough(student, rng):
    """A fresh model with the same base and this state computes what the first one does."""
    for _ in range(3):
        model, names, tokens, (weights, rank) = corrected(student, rng)
        n_layers = len({name.split(".")[1] for name in weights if name.startswith("layers")})
        fresh = student.support.Model(weights["embedding.weight"].shape[1], n_layers)
        fresh.load_state_dict(weights)
        fresh = student.support.corrected.obj(fresh, names, rank)
        fresh.load_state_dict(student.lora.lora_state(model), strict=False)
        expect(fresh(tokens).detach(), model(tokens).detach(), tolerance=1e-12)
