"""Linear attention, all at once and token by token, against all its weights in float64."""

import torch

from autograder.measure import measured
from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: some
# roundings of each dtype, for sums of some dozen positive weights.
TOLERANCE = {
    torch.float64: 64 * 2**-52,
    torch.float32: 64 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
# Gradients are compared in float64 only. They may be what is left of larger numbers.
OF_GRADIENTS = 1e-10
FLOATS = list(TOLERANCE)
BATCHES = [(), (1,), (2,), (3, 2), (1, 2), (2, 1, 3)]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


def positive(x):
    """φ(x) = elu(x) + 1: x + 1 where x is positive, else e to the power of x."""
    return torch.where(x > 0, x + 1, x.clamp(max=0).exp())


def by_weights(query, key, value, causal=False):
    """All T × S weights, normalised row by row."""
    weights = positive(query) @ positive(key).mT
    if causal:
        weights = weights.tril()
    return weights / weights.sum(-1, keepdim=True) @ value


def three(rng, batch, n_queries, n_keys, width, value_width, dtype=torch.float64):
    """A query, key and value."""
    return (
        normal(rng, *batch, n_queries, width, dtype=dtype),
        normal(rng, *batch, n_keys, width, dtype=dtype),
        normal(rng, *batch, n_keys, value_width, dtype=dtype),
    )


def relative_to(size, tolerance, expected):
    """The tolerance, if it is relative to `size` where that is more than what is left of it."""
    finite = expected[expected.isfinite()]
    left = float(finite.abs().max()) if finite.numel() else 0.0
    return tolerance * max(1.0, size / max(left, 1e-9))


def largest(tensor):
    return float(tensor.abs().max()) if tensor.numel() else 0.0


def check(student, inputs, **options):
    dtype = inputs[0].dtype
    causal = options.get("causal", False)
    expected = by_weights(*(tensor.double() for tensor in inputs), causal).to(dtype)
    got = student.efficient_attention.linear_attention(*inputs, **options)
    # A mean of values is judged by their size; they may cancel.
    tolerance = relative_to(largest(inputs[2]), TOLERANCE[dtype], expected)
    expect(got, expected, tolerance=tolerance)


def check_gradients(rng, names, function, oracle, *tensors):
    """The derivatives of a random sum of the numbers of the answer, a tensor or several."""
    found, weights = [], {}
    for f in (oracle, function):
        leaves = [tensor.clone().requires_grad_() for tensor in tensors]
        answers = f(*leaves)
        trainable = all(torch.is_tensor(answer) and answer.requires_grad for answer in answers)
        wish = "an answer that gradients flow through"
        expect_that(trainable, expected=wish, got="one without", given="inputs that require grad")
        loss = 0.0
        for number, answer in enumerate(answers):
            weights.setdefault(number, normal(rng, *answer.shape))
            loss = loss + (answer * weights[number]).sum()
        loss.backward()
        found.append([leaf.grad for leaf in leaves])
    for name, tensor, expected, got in zip(names, tensors, *found, strict=True):
        got = torch.zeros_like(tensor) if got is None else got
        given = f"the gradient of the {name}, of shape {tuple(tensor.shape)}"
        expect(got, expected, given=given, tolerance=OF_GRADIENTS)


def unchanged(student, function, *tensors, **options):
    """Call it with tensors that are looked at again afterwards; gives the answer."""
    there = [student.support.keep.obj(tensor) for tensor in tensors]
    answer = function(*there, **options)
    for number, (handle, tensor) in enumerate(zip(there, tensors, strict=True), start=1):
        given = f"tensor {number} of {len(tensors)} that went in, after the call"
        expect(student.support.keep(handle), tensor, given=given)
    return answer


# --- linear_attention -------------------------------------------------------------------------


@exercise("efficient_attention.linear_attention", weight=2)
def test_linear_attention_to_all_keys(student, rng):
    """Equal to all weights φ(q)·φ(k), each row normalised, in every dtype, with any batch."""
    for sizes in [
        ((), 1, 1, 1, 1),
        ((1,), 2, 1, 3, 2),
        *((b, *different(rng, 4)) for b in BATCHES),
    ]:
        for dtype in FLOATS:
            check(student, three(rng, *sizes, dtype))


@exercise("efficient_attention.linear_attention", weight=3)
def test_linear_attention_to_the_past(student, rng):
    """The causal form, in chunks of any size, multiples of which the length is or is not."""
    for chunk in (1, 2, 3, 4, 5, 64):
        for length in (1, 2, 5, 6, 9):
            sizes = length, length, *different(rng, 2)
            inputs = three(rng, rng.choice(BATCHES), *sizes, rng.choice(FLOATS))
            check(student, inputs, causal=True, chunk=chunk)


@exercise("efficient_attention.linear_attention")
def test_a_mean_of_values(student, rng):
    """Weights sum to 1: where all values agree so do all outputs, and the first sees itself."""
    attend = student.efficient_attention.linear_attention
    tolerance = TOLERANCE[torch.float64]
    for causal in (False, True):
        query, key, value = three(rng, (2,), 7, 7, 3, 4)
        one = value[:, :1].expand(-1, 7, -1)
        got = attend(query, key, one, causal=causal, chunk=3)
        expect(got, one, tolerance=tolerance)
    got = attend(query, key, value, causal=True, chunk=3)
    expect(got[:, 0], value[:, 0], given="the first position's output", tolerance=tolerance)
    # All keys alike: the mean of the values, or of those so far.
    alike = key[:, :1].expand(-1, 7, -1)
    got = attend(query, alike, value)
    expect(got, value.mean(1, keepdim=True).expand(-1, 7, -1), tolerance=tolerance)
    got = attend(query, alike, value, causal=True, chunk=2)
    so_far = value.cumsum(1) / torch.arange(1.0, 8.0, dtype=torch.float64)[:, None]
    expect(got, so_far, tolerance=tolerance)


@exercise("efficient_attention.linear_attention")
def test_linear_attention_hides_the_future(student, rng):
    """What comes later changes nothing, wherever the chunks are cut."""
    attend = student.efficient_attention.linear_attention
    for chunk in (1, 3, 4, 16):
        query, key, value = three(rng, (2,), 9, 9, 3, 4)
        before = attend(query, key, value, causal=True, chunk=chunk)
        expected = by_weights(query, key, value, causal=True)
        expect(before, expected, tolerance=TOLERANCE[torch.float64])
        for place in (7, 4, 1):
            query[:, place:], key[:, place:], value[:, place:] = 3.0, 50.0, 1e3
            after = attend(query, key, value, causal=True, chunk=chunk)
            given = f"the answers before position {place}, where all later inputs have changed"
            expect(after[:, :place], before[:, :place], given=given)


@exercise("efficient_attention.linear_attention")
def test_features_of_any_size(student, rng):
    """Features grow like x + 1 for large x, up to 10 000, and shrink like e to the power of x."""
    for dtype in FLOATS:
        for causal in (False, True):
            query, key, value = three(rng, (2,), 6, 6, 3, 4, dtype)
            check(student, (1e4 * query.abs(), 1e4 * key.abs(), value), causal=causal, chunk=4)
            # One feature that is not small keeps the sums away from zero.
            query, key = 5 * query, 5 * key
            query[..., 0], key[..., 0] = 1, 0
            check(student, (query, key, value), causal=causal, chunk=4)


@exercise("efficient_attention.linear_attention", weight=2)
def test_gradients_of_linear_attention(student, rng):
    """Gradients reach query, key and value in both forms, through all chunks."""
    names = "query", "key", "value"
    attend = student.efficient_attention.linear_attention
    for batch in BATCHES:
        for causal, chunk in [(False, 64), (True, 1), (True, 3), (True, 64)]:
            length, n_keys, *widths = different(rng, 4)
            n_keys = length if causal else n_keys
            check_gradients(
                rng,
                names,
                lambda *x, c=causal, n=chunk: [attend(*x, causal=c, chunk=n)],
                lambda *x, c=causal: [by_weights(*x, c)],
                *three(rng, batch, length, n_keys, *widths),
            )


@exercise("efficient_attention.linear_attention")
def test_linear_attention_of_views_and_of_nothing(student, rng):
    """Inputs need not lie in one piece and stay what they are; batch or queries may be none."""
    attend = student.efficient_attention.linear_attention
    for batch in BATCHES:
        for causal in (False, True):
            length, n_keys, *widths = different(rng, 4)
            inputs = three(rng, batch, length, length if causal else n_keys, *widths)
            expected = by_weights(*inputs, causal)
            options = {"causal": causal, "chunk": 3}
            got = student.support.on_views("linear_attention", *inputs, **options)
            expect(got, expected, tolerance=TOLERANCE[torch.float64])
            got = unchanged(student, attend, *inputs, **options)
            expect(got, expected, tolerance=TOLERANCE[torch.float64])
    for batch, length, n_keys in [((), 0, 3), ((2,), 0, 3), ((0,), 3, 2), ((0, 2), 1, 3)]:
        inputs = three(rng, batch, length, n_keys, 4, 5)
        nothing = torch.zeros(*batch, length, 5, dtype=torch.float64)
        expect(attend(*inputs), nothing)
        inputs = three(rng, batch, length, length, 4, 5)
        expect(attend(*inputs, causal=True), nothing)


@exercise("efficient_attention.linear_attention", weight=4)
def test_linear_attention_costs_no_square(student, rng):
    """Twice the length costs at most 2.5 times as much; nothing is T × S, nor K × V for each."""
    width, value_width = 24, 20
    for causal, chunk in [(False, 64), (True, 32)]:
        costs = []
        for length in (512, 1024):
            inputs = three(rng, (2,), length, length, width, value_width, torch.float32)
            with measured(student) as cost:
                got = student.efficient_attention.linear_attention(
                    *inputs, causal=causal, chunk=chunk
                )
            expected = by_weights(*(tensor.double() for tensor in inputs), causal).float()
            expect(got, expected, tolerance=TOLERANCE[torch.float32])
            # An input, twice over, or a K × V sum for each chunk.
            allowed = 2 * 2 * length * (width + 1)
            expect_that(
                cost.largest <= allowed,
                expected=f"no more than {allowed} numbers in one tensor",
                got=cost.largest,
                given=f"a batch of 2, {length} positions, causal={causal}",
            )
            costs.append(cost)
        for what, first, second in [
            ("operations in matrix products", costs[0].flops, costs[1].flops),
            ("bytes alive at a time", costs[0].peak_bytes, costs[1].peak_bytes),
        ]:
            expect_that(
                second <= 2.5 * first,
                expected="at most 2.5 times as much",
                got=f"{second / max(first, 1):.2f} times as much",
                given=f"{what}, for twice the length, causal={causal}",
            )


# --- linear_attention_step --------------------------------------------------------------------


def sums(key, value):
    """(Σ φ(k) vᵀ, Σ φ(k)) over the tokens of the last axis but one."""
    return positive(key).mT @ value, positive(key).sum(-2)


def one_step(state, query, key, value):
    """The new state and the output, from the equations in float64."""
    products = torch.einsum("...k,...v->...kv", positive(key), value)
    total = positive(key)
    if state is not None:
        products, total = products + state[0], total + state[1]
    weighed = torch.einsum("...k,...kv->...v", positive(query), products)
    return (products, total), weighed / (positive(query) * total).sum(-1, keepdim=True)


def token(rng, batch, width, value_width, dtype=torch.float64):
    """The query, key and value of one token."""
    return tuple(normal(rng, *batch, w, dtype=dtype) for w in (width, width, value_width))


def some_state(rng, batch, width, value_width, dtype=torch.float64):
    """The state after some tokens."""
    _, key, value = three(rng, batch, 0, 5, width, value_width)
    return tuple(part.to(dtype) for part in sums(key, value))


def cast(answer, dtype):
    (products, total), out = answer
    return (products.to(dtype), total.to(dtype)), out.to(dtype)


def check_step(student, state, inputs):
    dtype = inputs[0].dtype
    before = None if state is None else tuple(part.double() for part in state)
    query, key, value = (tensor.double() for tensor in inputs)
    expected = cast(one_step(before, query, key, value), dtype)
    # Sums of values, which may cancel, are judged by what they would be if none did.
    before = None if state is None else tuple(part.abs() for part in before)
    sizes = one_step(before, query, key, value.abs())
    got = student.efficient_attention.linear_attention_step(state, *inputs)
    parts = zip(
        ("Σ φ(k) vᵀ", "Σ φ(k)", "output"), flat(got), flat(expected), flat(sizes), strict=True
    )
    for name, g, e, size in parts:
        tolerance = relative_to(largest(size), TOLERANCE[dtype], e)
        expect(g, e, given=f"the {name} after one more token", tolerance=tolerance)


def flat(answer):
    """The two sums and the output of an answer that has the right form."""
    form = "((Σ φ(k) vᵀ, Σ φ(k)), output)"
    is_pair = isinstance(answer, list | tuple) and len(answer) == 2
    expect_that(is_pair, expected=form, got=answer)
    state, out = answer
    is_pair = isinstance(state, list | tuple) and len(state) == 2
    expect_that(is_pair, expected=form, got=answer)
    return *state, out


@exercise("efficient_attention.linear_attention_step")
def test_first_token(student, rng):
    """Without a past the output is the token's own value, and the state is the token's."""
    for batch in BATCHES:
        for dtype in FLOATS:
            inputs = token(rng, batch, *different(rng, 2), dtype)
            check_step(student, None, inputs)
    got = student.efficient_attention.linear_attention_step(None, *inputs)
    expect(flat(got)[2], inputs[2], tolerance=TOLERANCE[dtype])


@exercise("efficient_attention.linear_attention_step", weight=2)
def test_one_more_token(student, rng):
    """From any state: the new token counts among those that it sees, and both sums grow by it."""
    for sizes in [((), 1, 1), ((1,), 2, 1), *((batch, *different(rng, 2)) for batch in BATCHES)]:
        for dtype in FLOATS:
            state = some_state(rng, *sizes, dtype)
            check_step(student, state, token(rng, *sizes, dtype))


@exercise("efficient_attention.linear_attention_step", weight=3)
def test_token_by_token_is_all_at_once(student, rng):
    """A text fed token by token gives what causal attention gives at once, and its sums."""
    for batch in BATCHES:
        length, *widths = different(rng, 3)
        query, key, value = three(rng, batch, length, length, *widths)
        expected = by_weights(query, key, value, causal=True)
        state = None
        for t in range(length):
            inputs = (tensor[..., t, :] for tensor in (query, key, value))
            got = student.efficient_attention.linear_attention_step(state, *inputs)
            *sums_so_far, out = flat(got)
            state = tuple(sums_so_far)
            given = f"token {t + 1} of {length}"
            expect(out, expected[..., t, :], given=given, tolerance=TOLERANCE[torch.float64])
        expect(
            state,
            sums(key, value),
            given=f"the state after {length} tokens",
            tolerance=TOLERANCE[torch.float64],
        )


@exercise("efficient_attention.linear_attention_step", weight=2)
def test_two_ways_on_from_one_state(student, rng):
    """The state that is given stays what it was, so that a text may go on in two ways."""
    for batch in BATCHES:
        sizes = different(rng, 2)
        state = some_state(rng, batch, *sizes)
        there = tuple(student.support.keep.obj(part) for part in state)
        for _ in range(2):
            inputs = token(rng, batch, *sizes)
            got = student.efficient_attention.linear_attention_step(there, *inputs)
            expect(got, one_step(state, *inputs), tolerance=TOLERANCE[torch.float64])
            for handle, part in zip(there, state, strict=True):
                after = student.support.keep(handle)
                expect(after, part, given="the state that was given, after the call")


@exercise("efficient_attention.linear_attention_step")
def test_gradients_of_a_step(student, rng):
    """Gradients reach the token, and through the state all tokens before it."""
    names = "products", "total", "query", "key", "value"

    def on_parts(function):
        return lambda products, total, *inputs: flat(function((products, total), *inputs))

    step = student.efficient_attention.linear_attention_step
    for batch in BATCHES:
        sizes = different(rng, 2)
        tensors = *some_state(rng, batch, *sizes), *token(rng, batch, *sizes)
        check_gradients(rng, names, on_parts(step), on_parts(one_step), *tensors)


@exercise("efficient_attention.linear_attention_step")
def test_steps_of_any_size(student, rng):
    """Large numbers, inputs that are no single piece of memory, and a batch of none."""
    for batch in BATCHES:
        sizes = different(rng, 2)
        state, inputs = some_state(rng, batch, *sizes), token(rng, batch, *sizes)
        got = student.support.step_on_views(state, *inputs)
        expect(got, one_step(state, *inputs), tolerance=TOLERANCE[torch.float64])
        query, key, value = inputs
        for dtype in FLOATS:
            large = (1e4 * query.abs(), 1e4 * key.abs(), value)
            parts = [tuple(tensor.to(dtype) for tensor in some) for some in (state, large)]
            check_step(student, *parts)
    state, inputs = some_state(rng, (0, 2), 3, 4), token(rng, (0, 2), 3, 4)
    check_step(student, state, inputs)
    check_step(student, None, inputs)
