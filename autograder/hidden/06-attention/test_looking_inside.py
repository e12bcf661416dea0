"""Rollout by its paths, importance by derivatives, pruning by gates."""

import itertools
import math

import torch

from autograder.student import parameters, read
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: some
# ten times what right answers need in that dtype.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=6):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


# --- attention_rollout ------------------------------------------------------------------------


def some_weights(rng, *sizes, dtype=torch.float64):
    """Weights of L layers, B rows, H heads and T positions; some of them are zero."""
    shape = (*sizes, sizes[-1])
    hidden = (normal(rng, *shape) > 0.5) & ~torch.eye(sizes[-1], dtype=torch.bool)
    return (2 * normal(rng, *shape)).masked_fill(hidden, -math.inf).softmax(-1).to(dtype)


def sum_over_paths(weights):
    """Each layer is passed by attention or by the residual connection, each half of the time."""
    n_layers, size, _, length, _ = weights.shape
    mean = weights.double().mean(2)
    total = torch.zeros(size, length, length, dtype=torch.float64)
    for path in itertools.product((False, True), repeat=n_layers):
        flow = torch.eye(length, dtype=torch.float64).repeat(size, 1, 1)
        for layer in range(n_layers):
            if path[layer]:
                flow = torch.einsum("bij,bjk->bik", mean[layer], flow)
        total += flow / 2**n_layers
    return total


@exercise("attention.attention_rollout", weight=2)
def test_rollout_is_the_sum_over_all_paths(student, rng):  # lint: ok square (maps are square)
    """Every way from an input to an output through the layers counts, by attention or past it."""
    for sizes in [(1, 1, 1, 1), (1, 1, 1, 2), (2, 1, 3, 2), *[different(rng, 4) for _ in range(4)]]:
        for dtype in TOLERANCE:
            weights = some_weights(rng, *sizes, dtype=dtype)
            expected = sum_over_paths(weights).to(dtype)
            got = student.attention.attention_rollout(weights)
            expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("attention.attention_rollout")
def test_rollout_starts_with_the_first_layer(student, rng):
    """The layer that is passed first acts first: what it gathers is what the others share out."""
    for _ in range(4):
        n_layers, size, n_heads, length = different(rng, 4)
        weights = some_weights(rng, n_layers, size, n_heads, length)
        # All look at the first position. What comes later can only mix what is then alike.
        weights[0] = torch.eye(length, dtype=torch.float64)[0]
        got = student.attention.attention_rollout(weights)
        expect(got, sum_over_paths(weights), tolerance=TOLERANCE[torch.float64])
        smallest = got[:, :, 0].min().item()
        given = "the smallest share of the first position, where all look at it in the first layer"
        expect_that(smallest >= 0.5 - 1e-9, expected="at least half", got=smallest, given=given)


@exercise("attention.attention_rollout")
def test_rollout_shares_out_everything(student, rng):
    """The rows sum to 1, and no share is negative."""
    for _ in range(4):
        sizes = different(rng, 4)
        got = student.attention.attention_rollout(some_weights(rng, *sizes))
        given = f"the sums of the rows of a rollout through {sizes[0]} layers"
        expect(got.sum(-1), torch.ones(sizes[1], sizes[3], dtype=torch.float64), given=given)
        expect_that(got.min().item() >= 0, expected="no number below 0", got=got)
        stays = got.diagonal(dim1=-2, dim2=-1).min().item()
        given = "the smallest share of a position in itself"
        expect_that(stays >= 0.5 ** sizes[0], expected="not less", got=stays, given=given)


@exercise("attention.attention_rollout")
def test_rollout_through_causal_layers_is_causal(student, rng):
    """Where no layer looks ahead nothing flows back from later positions."""
    for _ in range(4):
        n_layers, size, n_heads, length = different(rng, 4)
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        scores = normal(rng, n_layers, size, n_heads, length, length)
        weights = scores.masked_fill(future, -math.inf).softmax(-1)
        got = student.attention.attention_rollout(weights)
        expect(got, sum_over_paths(weights), tolerance=TOLERANCE[torch.float64])
        nothing = got.masked_select(future)
        expect(nothing, torch.zeros_like(nothing), given="what flows from later positions")


@exercise("attention.attention_rollout")
def test_rollout_does_not_mix_the_rows_of_a_batch(student, rng):
    """A row of the batch gives the same alone; the order of the heads does not matter."""
    for _ in range(3):
        n_layers, size, n_heads, length = different(rng, 4)
        weights = some_weights(rng, n_layers, size, n_heads, length)
        whole = student.attention.attention_rollout(weights)
        expect(whole, sum_over_paths(weights), tolerance=TOLERANCE[torch.float64])
        b = rng.randrange(size)
        alone = student.attention.attention_rollout(weights[:, b : b + 1].flip(2))
        expect(alone, whole[b : b + 1], tolerance=TOLERANCE[torch.float64])


# --- head_importance --------------------------------------------------------------------------


def mean_size_of_derivatives(directions):
    """Σ_i softmax_i(w_ni · 1) w_ni, which is ∂/∂gates of log Σ_i exp(w_ni · gates) at ones."""
    shares = directions.sum((-2, -1)).softmax(1)
    return torch.einsum("ni,nilh->nlh", shares, directions).abs().mean(0)


def check_importance(student, directions):
    n_layers, n_heads = directions.shape[2:]
    losses = student.support.Losses(directions)
    got = student.attention.head_importance(losses, n_layers, n_heads)
    floating = torch.is_tensor(got) and got.is_floating_point()
    expect_that(floating, expected="a tensor of floating-point numbers", got=got)
    given = f"the losses of {len(directions)} examples, under {n_layers} × {n_heads} gates"
    # Gates are float32 by default; float64 is as good.
    expected = mean_size_of_derivatives(directions)
    expect(got.detach().double(), expected, given=given, tolerance=TOLERANCE[torch.float32])


@exercise("attention.head_importance", weight=2)
def test_importance_is_the_mean_size_of_derivatives(student, rng):
    """For losses that curve, and in which heads depend on each other: the slopes at ones."""
    check_importance(student, normal(rng, 1, 1, 1, 1))
    check_importance(student, normal(rng, 2, 2, 1, 1))
    for _ in range(5):
        check_importance(student, normal(rng, *different(rng, 4)))


@exercise("attention.head_importance")
def test_importance_for_one_example(student, rng):
    """Of one example it is the size of each derivative."""
    for _ in range(4):
        check_importance(student, normal(rng, 1, *different(rng, 3)))


@exercise("attention.head_importance")
def test_examples_do_not_cancel(student, rng):
    """A head that helps one example and harms another as much matters as much as for each."""
    for _ in range(3):
        n_terms, n_layers, n_heads = different(rng, 3)
        some = normal(rng, 1, 1, n_layers, n_heads).expand(-1, n_terms, -1, -1)
        check_importance(student, torch.cat([some, -some]))
        check_importance(student, torch.cat([some, 3 * some, -4 * some]))


@exercise("attention.head_importance")
def test_heads_without_effect_have_no_importance(student, rng):
    """A head that an example does not feel adds zero there, and counts in the mean all the same."""
    for _ in range(4):
        directions = normal(rng, *different(rng, 4))
        directions[rng.randrange(len(directions))] = 0.0
        directions[..., 0, rng.randrange(directions.shape[-1])] = 0.0
        check_importance(student, directions)


@exercise("attention.head_importance")
def test_layers_and_heads_keep_their_places(student, rng):
    """The importance has a row for each layer and a column for each head, on one scale."""
    for n_layers, n_heads in [(1, 5), (4, 1), different(rng, 2), different(rng, 2)]:
        layer, head = rng.randrange(n_layers), rng.randrange(n_heads)
        directions = 0.1 * normal(rng, 3, 2, n_layers, n_heads)
        directions[..., layer, head] *= 100
        check_importance(student, directions)


# --- prune_heads ------------------------------------------------------------------------------


def layer_and_state(student, rng, n_heads, head_width, width, bias=True, dtype=torch.float64):
    """A layer and its matrices, all of them random, the biases too."""
    layer = student.attention.MultiHeadAttention(width, n_heads, head_width, bias)
    layer.to(dtype)
    shapes = {name: tensor.shape for name, tensor in parameters(layer).items()}
    state = {name: normal(rng, *shape, dtype=dtype) for name, shape in shapes.items()}
    state |= {n: t / t.shape[1] ** 0.5 for n, t in state.items() if t.ndim == 2}
    layer.load_state_dict(state)
    return layer, state


def some_prunings(rng, n):
    """(number of heads, heads to take out, head width, layer width)."""
    yield 2, [0], 1, 3
    yield 2, [1], 3, 2
    for _ in range(n):
        n_heads = rng.randint(3, 6)
        heads = rng.sample(range(n_heads), rng.randint(1, n_heads - 1))
        head_width, width = different(rng, 2, high=8)
        yield n_heads, heads, head_width, width


def gate_without(n_heads, heads, dtype=torch.float64):
    return torch.tensor([0.0 if head in heads else 1.0 for head in range(n_heads)], dtype=dtype)


@exercise("attention.prune_heads", weight=2)
def test_pruned_is_what_gated_was(student, rng):
    """The output is that of the old layer with gates of zero for these heads, masks included."""
    for n_heads, heads, head_width, width in some_prunings(rng, 6):
        layer, _ = layer_and_state(student, rng, n_heads, head_width, width)
        pruned = student.attention.prune_heads.obj(layer, heads)
        size, length, n_keys = different(rng, 3)
        x, context = normal(rng, size, length, width), normal(rng, size, n_keys, width)
        gate = gate_without(n_heads, heads)
        expected = layer(x, gate=gate).detach()
        expect(pruned(x).detach(), expected, tolerance=TOLERANCE[torch.float64])
        mask = normal(rng, size, 1, length, n_keys) > 0
        expected = layer(x, context, mask, gate).detach()
        expect(pruned(x, context, mask).detach(), expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.prune_heads", weight=2)
def test_pruned_has_the_matrices_of_the_heads_that_stay(student, rng):
    """Of each of its matrices and biases the new layer has just the parts of heads that stay."""
    for n_heads, heads, head_width, width in some_prunings(rng, 5):
        for bias in (True, False):
            layer, state = layer_and_state(student, rng, n_heads, head_width, width, bias)
            pruned = student.attention.prune_heads.obj(layer, heads)
            kept = [h * head_width + k for h in range(n_heads) for k in range(head_width)]
            kept = [feature for feature in kept if feature // head_width not in heads]
            rows = [part * n_heads * head_width + feature for part in range(3) for feature in kept]
            expected = {
                "in_proj.weight": state["in_proj.weight"][rows],
                "out_proj.weight": state["out_proj.weight"][:, kept],
            }
            if bias:
                expected["in_proj.bias"] = state["in_proj.bias"][rows]
                expected["out_proj.bias"] = state["out_proj.bias"]
            expect(parameters(pruned), expected, given=f"the parameters without the heads {heads}")


@exercise("attention.prune_heads")
def test_the_old_layer_stays_as_it_was(student, rng):
    """The old layer keeps its heads and numbers, and what becomes of the new one is not its."""
    for n_heads, heads, head_width, width in some_prunings(rng, 3):
        layer, state = layer_and_state(student, rng, n_heads, head_width, width)
        x = normal(rng, 2, 3, width)
        before = layer(x).detach()
        pruned = student.attention.prune_heads.obj(layer, heads)
        expected = layer(x, gate=gate_without(n_heads, heads)).detach()
        expect(pruned(x).detach(), expected, tolerance=TOLERANCE[torch.float64])
        zeros = {name: torch.zeros_like(tensor) for name, tensor in parameters(pruned).items()}
        pruned.load_state_dict(zeros)
        expect(layer(x).detach(), before)
        given = "the old layer's parameters, after others were loaded into the pruned one"
        expect(parameters(layer), state, given=given)


@exercise("attention.prune_heads")
def test_pruned_is_a_layer_like_any_other(student, rng):
    """It knows its heads, takes gates for them, can be trained, and can be pruned again."""
    for n_heads, heads, head_width, width in some_prunings(rng, 3):
        layer, _ = layer_and_state(student, rng, n_heads, head_width, width)
        pruned = student.attention.prune_heads.obj(layer, heads)
        left = [head for head in range(n_heads) if head not in heads]
        expect(read(pruned, "n_heads"), len(left))
        expect(read(pruned, "head_width"), head_width)
        trainable = {name: read(pruned, name).requires_grad for name in parameters(pruned)}
        expect(trainable, dict.fromkeys(trainable, True), given="which parameters can be trained")
        x, gate = normal(rng, 2, 3, width), normal(rng, len(left))
        old_gate = torch.zeros(n_heads, dtype=torch.float64)
        old_gate[left] = gate
        expected = layer(x, gate=old_gate).detach()
        expect(pruned(x, gate=gate).detach(), expected, tolerance=TOLERANCE[torch.float64])
        if len(left) > 1:
            again = student.attention.prune_heads.obj(pruned, [len(left) - 2])
            old_gate[left] = 1.0
            old_gate[left[-2]] = 0.0
            expected = layer(x, gate=old_gate).detach()
            expect(again(x).detach(), expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.prune_heads")
def test_heads_are_named_in_any_order(student, rng):
    """Heads may come as a list, a tuple or a set, in any order; with none, nothing changes."""
    for _ in range(3):
        n_heads, head_width, width = different(rng, 3, low=3, high=7)
        layer, state = layer_and_state(student, rng, n_heads, head_width, width)
        heads = rng.sample(range(n_heads), rng.randint(2, n_heads - 1))
        x = normal(rng, 2, 3, width)
        expected = layer(x, gate=gate_without(n_heads, heads)).detach()
        for collection in (heads, heads[::-1], tuple(heads), set(heads)):
            pruned = student.attention.prune_heads.obj(layer, collection)
            expect(pruned(x).detach(), expected, tolerance=TOLERANCE[torch.float64])
        expect(parameters(student.attention.prune_heads.obj(layer, [])), state)


@exercise("attention.prune_heads")
def test_pruned_keeps_the_dtype(student, rng):
    """The parameters of the new layer have the dtype of the old ones."""
    for dtype in TOLERANCE:
        for n_heads, heads, head_width, width in some_prunings(rng, 1):
            layer, _ = layer_and_state(student, rng, n_heads, head_width, width, dtype=dtype)
            pruned = student.attention.prune_heads.obj(layer, heads)
            found = {name: str(tensor.dtype) for name, tensor in parameters(pruned).items()}
            expect(found, dict.fromkeys(found, str(dtype)))
            x = normal(rng, 2, 3, width, dtype=dtype)
            expected = layer(x, gate=gate_without(n_heads, heads, dtype)).detach()
            expect(pruned(x).detach(), expected, tolerance=TOLERANCE[dtype])
