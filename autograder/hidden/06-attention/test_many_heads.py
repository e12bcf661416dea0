"""Many heads: how they are cut and merged, and the layer against torch's own."""

import math

import torch
from torch import nn

from autograder.student import gradients, parameters
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: after
# four matrix products and a softmax, some ten times what right answers need in that dtype.
TOLERANCE = {
    torch.float64: 200 * 2**-52,
    torch.float32: 200 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
# Gradients are compared in float64 only. They may be what is left of larger numbers.
OF_GRADIENTS = 1e-10


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=7):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


BATCHES = [(), (1,), (2,), (3, 2), (1, 2), (2, 1, 3)]
DTYPES = [torch.float64, torch.float32, torch.bfloat16, torch.int64]


# --- split_heads and merge_heads --------------------------------------------------------------


def numbered(shape, dtype):
    """Every number once, so that none can be taken for another (bfloat16 knows all up to 256)."""
    return torch.arange(math.prod(shape)).reshape(shape).to(dtype)


def cut(x, n_heads):
    """Feature by feature: head h gets the features from h·K on."""
    *batch, length, width = x.shape
    per_head = width // n_heads
    heads = x.new_empty(*batch, n_heads, length, per_head)
    for head in range(n_heads):
        for feature in range(per_head):
            heads[..., head, :, feature] = x[..., head * per_head + feature]
    return heads


def whole_and_heads(rng, dtype=torch.float64):
    """(x, number of heads), from one number to a few hundred; no two axes alike."""
    yield numbered((1, 1), dtype), 1
    yield numbered((1, 1, 3), dtype), 3
    for batch in BATCHES:
        n_heads, length, per_head = different(rng, 3)
        yield numbered((*batch, length, n_heads * per_head), dtype), n_heads


@exercise("attention.split_heads", weight=2)
def test_heads_are_consecutive_features(student, rng):
    """Each head holds K features side by side, of every position, in the order of the width."""
    for dtype in DTYPES:
        for x, n_heads in whole_and_heads(rng, dtype):
            if x.ndim == 3:
                expect(student.attention.split_heads(x, n_heads), cut(x, n_heads))


@exercise("attention.split_heads")
def test_any_number_of_batch_axes_is_split(student, rng):
    """There may be no batch, one, or several axes of it; they stay in front."""
    for x, n_heads in whole_and_heads(rng):
        expect(student.attention.split_heads(x, n_heads), cut(x, n_heads))


@exercise("attention.split_heads")
def test_positions_and_rows_are_split_on_their_own(student, rng):
    """A part of the batch or of the positions is cut as it is within the whole."""
    for _ in range(4):
        n_heads, length, per_head, size = different(rng, 4)
        x = numbered((size, length, n_heads * per_head), torch.float64)
        b, t = rng.randrange(size), rng.randrange(length)
        got = student.attention.split_heads(x[b : b + 1, t : t + 1], n_heads)
        expect(got, cut(x, n_heads)[b : b + 1, :, t : t + 1])
        one = student.attention.split_heads(x[b : b + 1], n_heads)
        many = student.attention.split_heads(x[b : b + 1], n_heads * per_head)
        expect(one, x[b].unflatten(-1, (n_heads, per_head)).transpose(0, 1)[None])
        expect(many, x[b].T[None, :, :, None])


@exercise("attention.split_heads")
def test_views_and_nothing_are_split(student, rng):
    """What is to be split need not lie in one piece in memory, and may be empty."""
    for x, n_heads in whole_and_heads(rng):
        expect(student.support.on_views("split_heads", x, n_heads=n_heads), cut(x, n_heads))
    for shape, expected in [
        ((0, 6), (2, 0, 3)),
        ((2, 0, 6), (2, 2, 0, 3)),
        ((0, 4, 6), (0, 2, 4, 3)),
    ]:
        expect(student.attention.split_heads(torch.zeros(shape), 2), torch.zeros(expected))


@exercise("attention.split_heads")
def test_gradients_come_back_from_the_heads(student, rng):
    """The gradient of a feature is that of its place in its head."""
    for x, n_heads in whole_and_heads(rng):
        leaf = x.clone().requires_grad_()
        weights = normal(rng, *x.shape)
        (student.attention.split_heads(leaf, n_heads) * cut(weights, n_heads)).sum().backward()
        expect(leaf.grad, weights)


@exercise("attention.merge_heads", weight=2)
def test_features_of_heads_side_by_side(student, rng):
    """At each position the features of the first head come first, then those of the second."""
    for dtype in DTYPES:
        for x, n_heads in whole_and_heads(rng, dtype):
            if x.ndim == 3:
                expect(student.attention.merge_heads(cut(x, n_heads)), x)


@exercise("attention.merge_heads")
def test_any_number_of_batch_axes_is_merged(student, rng):
    """There may be no batch, one, or several axes of it; they stay in front."""
    for x, n_heads in whole_and_heads(rng):
        expect(student.attention.merge_heads(cut(x, n_heads)), x)


@exercise("attention.merge_heads")
def test_rows_are_merged_on_their_own(student, rng):
    """A part of the batch or of the positions is merged as it is within the whole."""
    for _ in range(4):
        n_heads, length, per_head, size = different(rng, 4)
        x = numbered((size, length, n_heads * per_head), torch.float64)
        b, t = rng.randrange(size), rng.randrange(length)
        heads = cut(x, n_heads)[b : b + 1]
        expect(student.attention.merge_heads(heads), x[b : b + 1])
        expect(student.attention.merge_heads(heads[:, :, t : t + 1]), x[b : b + 1, t : t + 1])
        expect(student.attention.merge_heads(heads[:, 1:2]), heads[:, 1])


@exercise("attention.merge_heads")
def test_views_and_nothing_are_merged(student, rng):
    """The heads need not lie in one piece in memory, and there may be no positions."""
    for x, n_heads in whole_and_heads(rng):
        expect(student.support.on_views("merge_heads", cut(x, n_heads)), x)
    for shape, expected in [
        ((2, 0, 3), (0, 6)),
        ((2, 2, 0, 3), (2, 0, 6)),
        ((0, 2, 4, 3), (0, 4, 6)),
    ]:
        expect(student.attention.merge_heads(torch.zeros(shape)), torch.zeros(expected))


@exercise("attention.merge_heads")
def test_gradients_come_back_from_the_whole(student, rng):
    """The gradient of a feature is that of its place in the whole."""
    for x, n_heads in whole_and_heads(rng):
        leaf = cut(x, n_heads).requires_grad_()
        weights = normal(rng, *x.shape)
        (student.attention.merge_heads(leaf) * weights).sum().backward()
        expect(leaf.grad, cut(weights, n_heads))


# --- MultiHeadAttention -----------------------------------------------------------------------


def layers(student, rng, n_heads, head_width=None, bias=True, width=None, dtype=torch.float64):
    """A layer and its matrices in float64, all of them random, the biases too."""
    width = n_heads * head_width if width is None else width
    arguments = {} if width == n_heads * head_width else {"head_width": head_width}
    if not bias:
        arguments["bias"] = False
    layer = student.attention.MultiHeadAttention(width, n_heads, **arguments)
    inner = n_heads * head_width
    state = {
        "in_proj.weight": normal(rng, 3 * inner, width) / width**0.5,
        "out_proj.weight": normal(rng, width, inner) / inner**0.5,
    }
    if bias:
        state |= {"in_proj.bias": normal(rng, 3 * inner), "out_proj.bias": normal(rng, width)}
    state = {name: tensor.to(dtype) for name, tensor in state.items()}
    layer.to(dtype)
    layer.load_state_dict(state)
    return layer, {name: tensor.double() for name, tensor in state.items()}


def as_library(state, n_heads):
    """torch's layer with the same matrices, for heads of width D / H."""
    width = len(state["out_proj.weight"])
    library = nn.MultiheadAttention(
        width, n_heads, bias="in_proj.bias" in state, batch_first=True, dtype=torch.float64
    )
    names = {"in_proj.weight": "in_proj_weight", "in_proj.bias": "in_proj_bias"}
    library.load_state_dict({names.get(name, name): t for name, t in state.items()})
    return library


def by_definition(state, n_heads, x, context=None, mask=None, gate=None):
    """Row by row of the batch, head by head, query by query, in float64."""
    context = x if context is None else context
    none = torch.zeros(())
    weight, bias = state["in_proj.weight"], state.get("in_proj.bias", none)
    query_rows, key_rows, value_rows = torch.arange(len(weight)).chunk(3)
    head_width = len(query_rows) // n_heads
    rows = []
    for b in range(len(x)):
        heads = []
        for h in range(n_heads):
            own = slice(h * head_width, (h + 1) * head_width)
            query, key, value = (
                source[b] @ weight[part[own]].T + (bias[part[own]] if bias.ndim else 0.0)
                for source, part in ((x, query_rows), (context, key_rows), (context, value_rows))
            )
            scores = query @ key.T / head_width**0.5
            seen = torch.ones_like(scores, dtype=torch.bool)
            if mask is not None:
                full = mask.expand(len(x), n_heads, -1, -1)[b, h]
                seen = full if mask.dtype == torch.bool else full > -math.inf
                scores = scores if mask.dtype == torch.bool else scores + full.double()
            outputs = [scores[t, seen[t]].softmax(0) @ value[seen[t]] for t in range(len(scores))]
            out = torch.stack(outputs) if outputs else scores.new_zeros(0, head_width)
            heads.append(out if gate is None else gate[h].double() * out)
        rows.append(torch.cat(heads, dim=-1))
    merged = torch.stack(rows) if rows else x.new_zeros(*x.shape[:2], len(query_rows))
    return merged @ state["out_proj.weight"].T + state.get("out_proj.bias", none)


def some_masks(rng, size, n_heads, n_queries, n_keys, dtype=torch.float64):
    """For every row and head, for rows only, for heads only, for none; no row hides everything."""
    for leading in [(size, n_heads), (size, 1), (1, n_heads), (1, 1)]:
        seen = normal(rng, *leading, n_queries, n_keys) > 0
        seen[..., torch.arange(n_queries), rng.choices(range(n_keys), k=n_queries)] = True
        bias = normal(rng, *leading, n_queries, n_keys)
        yield seen
        yield bias.masked_fill(~seen, -math.inf).to(dtype)


def sizes_of_layers(rng, n):
    """(batch, T, S, heads, head width), from the smallest up; no two axes alike."""
    yield 1, 1, 2, 1, 3
    yield 1, 3, 2, 2, 1
    for _ in range(n):
        yield tuple(different(rng, 5))


@exercise("attention.MultiHeadAttention", weight=2)
def test_layer_is_that_of_the_library(student, rng):
    """With the same matrices the output is that of torch.nn.MultiheadAttention."""
    for size, length, _, n_heads, head_width in sizes_of_layers(rng, 4):
        for bias in (True, False):
            layer, state = layers(student, rng, n_heads, head_width, bias)
            x = normal(rng, size, length, n_heads * head_width)
            expected = as_library(state, n_heads)(x, x, x)[0].detach()
            expect(layer(x).detach(), expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.MultiHeadAttention")
def test_layer_attends_to_a_context(student, rng):
    """Queries come from the one, keys and values from the other, whose length may differ."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 4):
        for bias in (True, False):
            layer, state = layers(student, rng, n_heads, head_width, bias)
            x = normal(rng, size, length, n_heads * head_width)
            context = normal(rng, size, n_keys, n_heads * head_width)
            expected = as_library(state, n_heads)(x, context, context)[0].detach()
            expect(layer(x, context).detach(), expected, tolerance=TOLERANCE[torch.float64])
            expected = as_library(state, n_heads)(x, x, x)[0].detach()
            expect(layer(x, context=x).detach(), expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.MultiHeadAttention", weight=2)
def test_layer_under_masks(student, rng):
    """Masks of both kinds, for each row of the batch, for each head, for both or neither."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 3):
        layer, state = layers(student, rng, n_heads, head_width)
        library = as_library(state, n_heads)
        x = normal(rng, size, length, n_heads * head_width)
        context = normal(rng, size, n_keys, n_heads * head_width)
        for mask in some_masks(rng, size, n_heads, length, n_keys):
            full = mask.expand(size, n_heads, -1, -1).flatten(0, 1)
            theirs = ~full if mask.dtype == torch.bool else full
            expected = library(x, context, context, attn_mask=theirs)[0].detach()
            got = layer(x, context, mask).detach()
            expect(got, expected, tolerance=TOLERANCE[torch.float64])
        for mask in some_masks(rng, size, n_heads, length, length):
            got, expected = (
                layer(x, mask=mask).detach(),
                by_definition(state, n_heads, x, mask=mask),
            )
            expect(got, expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.MultiHeadAttention")
def test_layer_where_a_query_sees_nothing(student, rng):
    """Where a query may attend to nothing, only the last bias is left; there may be no context."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 3):
        layer, state = layers(student, rng, n_heads, head_width)
        x = normal(rng, size, length, n_heads * head_width)
        context = normal(rng, size, n_keys, n_heads * head_width)
        blind = rng.randrange(length)
        for mask in some_masks(rng, size, n_heads, length, n_keys):
            mask[..., blind, :] = False if mask.dtype == torch.bool else -math.inf
            got = layer(x, context, mask).detach()
            expect(
                got, by_definition(state, n_heads, x, context, mask), tolerance=TOLERANCE[x.dtype]
            )
            expect(got[:, blind], state["out_proj.bias"].expand(size, -1).clone())
        got = layer(x, context[:, :0]).detach()
        expect(got, state["out_proj.bias"].expand(size, length, -1).clone())
        expect(list(layer(x[:, :0]).shape), [size, 0, n_heads * head_width])
        expect(list(layer(x[:0]).shape), [0, length, n_heads * head_width])


@exercise("attention.MultiHeadAttention")
def test_gates_weigh_the_heads(student, rng):
    """Each head's output is multiplied by its gate before the heads are mixed."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 4):
        layer, state = layers(student, rng, n_heads, head_width)
        x = normal(rng, size, length, n_heads * head_width)
        context = normal(rng, size, n_keys, n_heads * head_width)
        for gate in (normal(rng, n_heads), (normal(rng, n_heads) > 0).double()):
            got = layer(x, gate=gate).detach()
            expected = by_definition(state, n_heads, x, gate=gate)
            expect(got, expected, tolerance=TOLERANCE[torch.float64])
            got = layer(x, context, gate=gate).detach()
            expected = by_definition(state, n_heads, x, context, gate=gate)
            expect(got, expected, tolerance=TOLERANCE[torch.float64])


@exercise("attention.MultiHeadAttention")
def test_heads_of_any_width(student, rng):
    """The heads need not share out the width of the layer, in any dtype."""
    for dtype in TOLERANCE:
        for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 3):
            width = rng.choice([n for n in range(2, 20) if n != n_heads * head_width])
            bias = rng.random() < 0.5
            layer, state = layers(student, rng, n_heads, head_width, bias, width, dtype)
            x = normal(rng, size, length, width, dtype=dtype)
            context = normal(rng, size, n_keys, width, dtype=dtype)
            masks = list(some_masks(rng, size, n_heads, length, n_keys, dtype))
            gate = normal(rng, n_heads, dtype=dtype)
            for mask in rng.sample(masks, 2):
                inputs = x.double(), context.double(), mask, gate
                expected = by_definition(state, n_heads, *inputs).to(dtype)
                got = layer(x, context, mask, gate).detach()
                expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("attention.MultiHeadAttention", weight=2)
def test_gradients_of_the_layer(student, rng):
    """Gradients reach the input, the context, the gates and every matrix, as they should."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 3):
        layer, state = layers(student, rng, n_heads, head_width)
        for crossed in (False, True):
            x = normal(rng, size, length, n_heads * head_width)
            context = normal(rng, size, n_keys, n_heads * head_width) if crossed else None
            masks = list(some_masks(rng, size, n_heads, length, n_keys if crossed else length))
            inputs = [x, context, rng.choice(masks), normal(rng, n_heads)]
            weights = normal(rng, *x.shape)
            theirs = {name: tensor.clone().requires_grad_() for name, tensor in state.items()}
            leaves = {}
            for who in ("got", "expected"):
                own = leaves[who] = [
                    tensor
                    if tensor is None or tensor is inputs[2]
                    else tensor.clone().requires_grad_()
                    for tensor in inputs
                ]
                out = layer(*own) if who == "got" else by_definition(theirs, n_heads, *own)
                wish = "an output that gradients flow through"
                expect_that(out.requires_grad, expected=wish, got="one without")
                (out * weights).sum().backward()
            for name, got, expected in zip(
                ("x", "context", "mask", "gate"), *leaves.values(), strict=True
            ):
                if expected is not None and expected.requires_grad:
                    got = torch.zeros_like(expected) if got.grad is None else got.grad
                    given = f"the gradient of {name}"
                    expect(got, expected.grad, given=given, tolerance=OF_GRADIENTS)
            found = gradients(layer)
            for name, tensor in theirs.items():
                given = f"the gradient of {name}, {'with' if crossed else 'without'} context"
                expect(found[name], tensor.grad, given=given, tolerance=OF_GRADIENTS)
            layer.zero_grad()


@exercise("attention.MultiHeadAttention")
def test_layer_has_the_parameters_that_its_docstring_names(student, rng):
    """Two linear layers with or without bias, of the right sizes, whatever the heads' width."""
    for width, n_heads, head_width in [(6, 2, None), (6, 2, 5), (3, 3, None), (2, 4, 3)]:
        for bias in (True, False):
            layer = student.attention.MultiHeadAttention(width, n_heads, head_width, bias)
            inner = n_heads * (head_width or width // n_heads)
            expected = {"in_proj.weight": [3 * inner, width], "out_proj.weight": [width, inner]}
            if bias:
                expected |= {"in_proj.bias": [3 * inner], "out_proj.bias": [width]}
            found = {name: list(tensor.shape) for name, tensor in parameters(layer).items()}
            expect(found, expected, given="the shapes of the parameters")
            state = {n: (normal(rng, *shape) / width).float() for n, shape in expected.items()}
            layer.load_state_dict(state)
            x = normal(rng, 2, 3, width).float()
            state = {name: tensor.double() for name, tensor in state.items()}
            result = by_definition(state, n_heads, x.double()).float()
            expect(layer(x).detach(), result, tolerance=TOLERANCE[torch.float32])


@exercise("attention.MultiHeadAttention")
def test_layer_knows_no_order(student, rng):
    """Shuffled positions give shuffled outputs; a shuffled context changes nothing."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 4):
        layer, _ = layers(student, rng, n_heads, head_width)
        x = normal(rng, size, length, n_heads * head_width)
        context = normal(rng, size, n_keys, n_heads * head_width)
        order = rng.sample(range(length), length)
        plain, crossed = layer(x).detach(), layer(x, context).detach()
        moved = layer(x[:, order]).detach()
        expect(moved, plain[:, order], tolerance=TOLERANCE[torch.float64])
        differ = length == 1 or bool((plain[:, 1:] != plain[:, :1]).any())
        expect_that(differ, expected="other outputs for other inputs", got=plain)
        order = rng.sample(range(n_keys), n_keys)
        moved = layer(x, context[:, order]).detach()
        expect(moved, crossed, tolerance=TOLERANCE[torch.float64])


@exercise("attention.MultiHeadAttention")
def test_layer_does_not_look_ahead(student, rng):
    """Under a causal mask no output changes with a later input, nor has a gradient there."""
    for length in range(2, 6):
        n_heads, head_width = different(rng, 2)
        layer, _ = layers(student, rng, n_heads, head_width)
        mask = torch.ones(1, 1, length, length, dtype=torch.bool).tril()
        here = rng.randint(0, length - 2)
        x = normal(rng, 2, length, n_heads * head_width)
        changed = x.clone()
        changed[:, here + 1 :] = 100 * normal(rng, 2, length - here - 1, n_heads * head_width)
        before, after = layer(x, mask=mask).detach(), layer(changed, mask=mask).detach()
        expect(after[:, : here + 1], before[:, : here + 1], tolerance=TOLERANCE[torch.float64])
        moved = (after - before)[:, here + 1 :].abs().amin().item() > 1e-9
        expect_that(moved, expected="other outputs where the change is seen", got=after)
        leaf = x.clone().requires_grad_()
        layer(leaf, mask=mask)[0, here].sum().backward()
        expect(leaf.grad[:, here + 1 :], torch.zeros_like(x[:, here + 1 :]))
        expect(leaf.grad[1], torch.zeros_like(x[1]), given="the gradient for another row")
        reached = leaf.grad[0, : here + 1].abs().sum().item() > 0
        expect_that(reached, expected="a gradient up to here", got=leaf.grad[0, : here + 1])


@exercise("attention.MultiHeadAttention")
def test_layer_takes_views(student, rng):
    """Inputs need not lie in one piece in memory."""
    for size, length, n_keys, n_heads, head_width in sizes_of_layers(rng, 2):
        layer, state = layers(student, rng, n_heads, head_width)
        x = normal(rng, size, length, n_heads * head_width)
        context = normal(rng, size, n_keys, n_heads * head_width)
        got = student.support.layer_on_views(layer, x).detach()
        expect(got, by_definition(state, n_heads, x), tolerance=TOLERANCE[torch.float64])
        got = student.support.layer_on_views(layer, x, context).detach()
        expect(got, by_definition(state, n_heads, x, context), tolerance=TOLERANCE[torch.float64])
