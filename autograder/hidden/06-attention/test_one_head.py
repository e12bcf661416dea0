"""One head, against torch's own attention in float64."""

import math

import torch
from torch.nn.functional import scaled_dot_product_attention as library

from autograder.testing import exercise, expect, expect_that

# How far a right answer may be from that in float64, relative to the largest number in it: some
# roundings of each dtype, where a rounded score of 8 makes a weight wrong by 8 roundings.
TOLERANCE = {
    torch.float64: 64 * 2**-52,
    torch.float32: 64 * 2**-23,
    torch.bfloat16: 16 * 2**-8,
}
# Gradients are compared in float64 only. They may be what is left of larger numbers.
OF_GRADIENTS = 1e-10
FLOATS = list(TOLERANCE)


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


def integers(rng, low, high, *shape):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randint(low, high + 1, shape, generator=generator)


def different(rng, n, low=2, high=9):
    """Sizes of which no two are equal, so that no axis can be taken for another."""
    return rng.sample(range(low, high + 1), n)


BATCHES = [(), (1,), (2,), (3, 2), (1, 2), (2, 1, 3)]


def shapes(rng, n):
    """(batch, T, S, K, V), from one number in each axis to a few."""
    yield (), 1, 1, 1, 1
    yield (1,), 2, 1, 3, 2
    for batch in BATCHES[:n]:
        yield batch, *different(rng, 4)


def with_fewer_axes(rng, batch):
    """What broadcasts to this batch: some axes of size 1, or missing."""
    ones = [1 if rng.random() < 0.5 else size for size in batch]
    return ones[rng.randint(0, len(ones)) :]


def some_masks(rng, batch, n_queries, n_keys, dtype):
    """A mask of each kind, no row of which hides everything."""
    seen = integers(rng, 0, 2, *with_fewer_axes(rng, batch), n_queries, n_keys) > 0
    seen[..., torch.arange(n_queries), rng.choices(range(n_keys), k=n_queries)] = True
    bias = 2 * normal(rng, *with_fewer_axes(rng, batch), n_queries, n_keys)
    hidden = torch.zeros_like(seen, dtype=torch.float64).masked_fill(~seen, -math.inf)
    return [
        seen,
        bias.to(dtype),
        hidden.to(dtype),
        (bias[(0,) * (bias.ndim - 2)] + hidden).to(dtype),
    ]


def weights_by_library(query, key, mask=None, scale=None):
    """What the library takes from values that are the rows of the identity."""
    identity = torch.eye(key.shape[-2], dtype=key.dtype).expand(*key.shape[:-1], -1)
    return library(query, key, identity, mask, scale=scale)


def softmax_by_library(scores, mask=None):
    identity = torch.eye(scores.shape[-1], dtype=scores.dtype)
    return weights_by_library(scores, identity.expand(*scores.shape[:-2], -1, -1), mask, scale=1.0)


def doubled(tensor):
    return tensor if tensor is None or tensor.dtype == torch.bool else tensor.double()


def check(function, oracle, *tensors, **options):
    """The answer is the oracle's in float64, in the dtype of what went in."""
    dtype = tensors[0].dtype
    expected = oracle(*map(doubled, tensors), **options).to(dtype)
    expect(function(*tensors, **options), expected, tolerance=TOLERANCE[dtype])


def check_gradients(rng, function, oracle, names, *tensors, **options):
    """The derivatives of a random sum of the answer's numbers, for each input that has some."""
    found = []
    weights = normal(rng, *oracle(*tensors, **options).shape)
    for f in (function, oracle):
        leaves = [with_gradient(tensor) for tensor in tensors]
        answer = f(*leaves, **options)
        if answer.requires_grad:  # where nothing is seen there may be nothing to go back to
            (answer * weights).sum().backward()
        found.append([None if leaf is None else leaf.grad for leaf in leaves])
    for name, tensor, got, expected in zip(names, tensors, *found, strict=True):
        if expected is not None:
            got = torch.zeros_like(tensor) if got is None else got
            given = f"the gradient of the {name}, of shape {tuple(tensor.shape)}"
            expect(got, expected, given=given, tolerance=OF_GRADIENTS)


def with_gradient(tensor):
    if tensor is None or tensor.dtype == torch.bool:
        return tensor
    return tensor.clone().requires_grad_()


def where_rows_see(oracle, mask):
    """The oracle for this last input, where rows that see nothing are no part of it but zeros."""
    blind = (~mask if mask.dtype == torch.bool else mask == -math.inf).all(-1, keepdim=True)

    def opened(*inputs):
        *tensors, mask = inputs
        mask = mask | blind if mask.dtype == torch.bool else mask.masked_fill(blind, 0.0)
        return oracle(*tensors, mask).masked_fill(blind, 0.0)

    return opened


def hide_a_row(rng, mask):
    """Have one query see nothing, or now and then all of them."""
    n_queries = mask.shape[-2]
    row = slice(None) if rng.random() < 0.2 else rng.randint(0, n_queries - 1)
    mask[..., row, :] = False if mask.dtype == torch.bool else -math.inf
    return mask


# --- masked_softmax ---------------------------------------------------------------------------


@exercise("attention.masked_softmax")
def test_softmax_over_the_keys(student, rng):
    """Without a mask it is the softmax over the keys, in every dtype and with any batch."""
    for batch, n_queries, n_keys, *_ in shapes(rng, 6):
        for dtype in FLOATS:
            scores = 2 * normal(rng, *batch, n_queries, n_keys, dtype=dtype)
            check(student.attention.masked_softmax, lambda s: s.softmax(-1), scores)


@exercise("attention.masked_softmax")
def test_softmax_leaves_its_inputs_alone(student, rng):
    """The scores and the mask are afterwards what they were before."""
    for _ in range(3):
        n_queries, n_keys = different(rng, 2)
        scores = normal(rng, 2, n_queries, n_keys)
        for mask in some_masks(rng, (2,), n_queries, n_keys, torch.float64):
            there, mask_there = student.support.keep.obj(scores), student.support.keep.obj(mask)
            got = student.attention.masked_softmax(there, mask_there)
            expect(got, softmax_by_library(scores, mask), tolerance=TOLERANCE[torch.float64])
            expect(student.support.keep(there), scores, given="the scores after the call")
            expect(student.support.keep(mask_there), mask, given="the mask after the call")


@exercise("attention.masked_softmax", weight=2)
def test_softmax_of_what_a_mask_lets_through(student, rng):
    """Boolean masks hide, others are added; both broadcast over leading axes."""
    for batch, n_queries, n_keys, *_ in shapes(rng, 6):
        for dtype in FLOATS:
            scores = 2 * normal(rng, *batch, n_queries, n_keys, dtype=dtype)
            for mask in some_masks(rng, batch, n_queries, n_keys, dtype):
                check(student.attention.masked_softmax, softmax_by_library, scores, mask)


@exercise("attention.masked_softmax", weight=2)
def test_softmax_of_nothing(student, rng):
    """Rows in which nothing may be seen are zeros; the other rows are as ever."""
    for batch in BATCHES:
        n_queries, n_keys = different(rng, 2)
        for dtype in FLOATS:
            scores = normal(rng, *batch, n_queries, n_keys, dtype=dtype)
            for mask in some_masks(rng, batch, n_queries, n_keys, dtype):
                mask = hide_a_row(rng, mask)
                oracle = where_rows_see(softmax_by_library, mask)
                check(student.attention.masked_softmax, oracle, scores, mask)


@exercise("attention.masked_softmax")
def test_softmax_of_scores_of_any_size(student, rng):
    """Scores up to 1e30, of either sign, give finite weights; a hidden giant hides no one."""
    for size in (1e4, 1e30):
        for dtype in FLOATS:
            n_queries, n_keys = different(rng, 2, low=3)
            # Distinct multiples of the size: the largest that is seen takes everything.
            order = torch.tensor([rng.sample(range(n_keys), n_keys) for _ in range(n_queries)])
            seen = integers(rng, 0, 1, n_queries, n_keys) > 0
            seen[:, 0] |= ~seen.any(-1)
            for start in (-n_keys - 1, -2, 2):
                scores = ((start + order) * size).to(dtype)
                winner = (start + order).masked_fill(~seen, -1000).argmax(-1)
                expected = torch.eye(n_keys, dtype=dtype)[winner]
                expect(student.attention.masked_softmax(scores, seen), expected)
                added = torch.zeros(n_queries, n_keys, dtype=dtype).masked_fill(~seen, -math.inf)
                expect(student.attention.masked_softmax(scores, added), expected)
            equal = torch.full((2, n_queries, n_keys), size, dtype=dtype)
            equal[1] = -size
            expected = (seen / seen.double().sum(-1, keepdim=True)).to(dtype).expand(2, -1, -1)
            got = student.attention.masked_softmax(equal, seen)
            expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("attention.masked_softmax", weight=2)
def test_gradients_of_the_softmax(student, rng):
    """Gradients reach scores and added masks, but nothing comes from rows that see nothing."""
    names = "scores", "mask"
    softmax = student.attention.masked_softmax
    for batch in BATCHES:
        n_queries, n_keys = different(rng, 2)
        scores = normal(rng, *batch, n_queries, n_keys)
        check_gradients(rng, softmax, softmax_by_library, names, scores, None)
        for mask in some_masks(rng, batch, n_queries, n_keys, torch.float64):
            check_gradients(rng, softmax, softmax_by_library, names, scores, mask)
            mask = hide_a_row(rng, mask)
            oracle = where_rows_see(softmax_by_library, mask)
            check_gradients(rng, softmax, oracle, names, scores, mask)


@exercise("attention.masked_softmax")
def test_softmax_of_views_and_of_nothing_at_all(student, rng):
    """Scores need not lie in one piece in memory, and any axis may be empty."""
    for batch, n_queries, n_keys, *_ in shapes(rng, 4):
        scores = normal(rng, *batch, n_queries, n_keys)
        for mask in some_masks(rng, batch, n_queries, n_keys, torch.float64):
            got = student.support.on_views("masked_softmax", scores, mask)
            expect(got, softmax_by_library(scores, mask), tolerance=TOLERANCE[torch.float64])
    for shape in [(0, 3), (3, 0), (0, 2, 3), (2, 0, 3), (2, 3, 0)]:
        for dtype in FLOATS:
            scores, mask = torch.zeros(shape, dtype=dtype), torch.zeros(shape) > 0
            for some in (None, mask, torch.zeros(shape[-2:], dtype=dtype)):
                expect(student.attention.masked_softmax(scores, some), scores)


# --- attention_weights ------------------------------------------------------------------------


@exercise("attention.attention_weights", weight=2)
def test_weights_are_those_of_the_library(student, rng):
    """Equal to torch's, in every dtype, for heads of any width and any batch."""
    for batch, n_queries, n_keys, width, _ in shapes(rng, 6):
        for dtype in FLOATS:
            query = normal(rng, *batch, n_queries, width, dtype=dtype)
            key = normal(rng, *batch, n_keys, width, dtype=dtype)
            check(student.attention.attention_weights, weights_by_library, query, key)


@exercise("attention.attention_weights")
def test_scores_have_a_variance_of_one(student, rng):
    """For standard normal queries and keys the scores have variance 1, however wide the head is."""
    for width in (4, 16, 64, 256):
        # The logarithms of a row's weights are its scores minus one number.
        query, key = normal(rng, 2, 40, width), normal(rng, 2, 300, width)
        weights = student.attention.attention_weights(query, key)
        variance = weights.log().var(dim=-1).mean().item()
        near = 0.8 < variance < 1.25
        given = f"the variance of the scores, for heads of width {width}"
        expect_that(near, expected="about 1", got=variance, given=given)


@exercise("attention.attention_weights")
def test_weights_under_another_scale(student, rng):
    """A scale that is given takes the place of the usual one, also where it is zero."""
    for batch, n_queries, n_keys, width, _ in shapes(rng, 4):
        for scale in (1.0, 0.0, rng.uniform(0.1, 2), -0.5):
            query = normal(rng, *batch, n_queries, width)
            key = normal(rng, *batch, n_keys, width)
            function = student.attention.attention_weights
            check(function, weights_by_library, query, key, scale=scale)


@exercise("attention.attention_weights", weight=2)
def test_weights_under_masks(student, rng):
    """Masks of both kinds, with any scale; what is added is added to the scaled scores."""
    for batch, n_queries, n_keys, width, _ in shapes(rng, 6):
        for dtype in FLOATS:
            query = normal(rng, *batch, n_queries, width, dtype=dtype)
            key = normal(rng, *batch, n_keys, width, dtype=dtype)
            for mask in some_masks(rng, batch, n_queries, n_keys, dtype):
                scale = rng.choice([None, 1.0, 0.3])
                function = student.attention.attention_weights
                check(function, weights_by_library, query, key, mask, scale=scale)


@exercise("attention.attention_weights")
def test_weights_of_a_query_that_sees_nothing(student, rng):
    """All weights of a query that may attend to nothing are zero."""
    for batch in BATCHES:
        n_queries, n_keys, width = different(rng, 3)
        query, key = normal(rng, *batch, n_queries, width), normal(rng, *batch, n_keys, width)
        for mask in some_masks(rng, batch, n_queries, n_keys, torch.float64):
            mask = hide_a_row(rng, mask)
            oracle = where_rows_see(weights_by_library, mask)
            check(student.attention.attention_weights, oracle, query, key, mask)


@exercise("attention.attention_weights")
def test_weights_of_huge_scores(student, rng):
    """Scores of 10 000 and -10 000 give weights of 1 and 0, and ties share."""
    for dtype in FLOATS:
        n_queries, n_keys = different(rng, 2)
        # Whole numbers and a width of 4: every product is exact in every dtype.
        key = torch.zeros(2, n_keys, 4, dtype=dtype)
        key[:, :, 1] = 2 * integers(rng, 0, 1, 2, n_keys) - 1
        query = torch.zeros(2, n_queries, 4, dtype=dtype)
        query[:, :, 1] = 20000.0 * (2 * integers(rng, 0, 1, 2, n_queries) - 1)
        best = (query[:, :, None, 1] * key[:, None, :, 1]) > 0
        best |= ~best.any(-1, keepdim=True)
        expected = (best / best.double().sum(-1, keepdim=True)).to(dtype)
        got = student.attention.attention_weights(query, key)
        expect(got, expected, tolerance=TOLERANCE[dtype])


@exercise("attention.attention_weights")
def test_gradients_of_the_weights(student, rng):
    """Gradients reach queries, keys and added masks, as those of torch do."""
    for batch in BATCHES:
        n_queries, n_keys, width = different(rng, 3)
        query = normal(rng, *batch, n_queries, width)
        key = normal(rng, *batch, n_keys, width)
        names = "query", "key", "mask"
        for mask in [None, *some_masks(rng, batch, n_queries, n_keys, torch.float64)]:
            function = student.attention.attention_weights
            check_gradients(rng, function, weights_by_library, names, query, key, mask)


@exercise("attention.attention_weights")
def test_weights_of_views_and_of_nothing_at_all(student, rng):
    """Queries and keys need not lie in one piece in memory, and there may be none."""
    for batch, n_queries, n_keys, width, _ in shapes(rng, 4):
        query, key = normal(rng, *batch, n_queries, width), normal(rng, *batch, n_keys, width)
        got = student.support.on_views("attention_weights", query, key)
        expect(got, weights_by_library(query, key), tolerance=TOLERANCE[torch.float64])
    for batch, n_queries, n_keys in [((), 0, 3), ((2,), 3, 0), ((0,), 3, 2), ((0, 2), 1, 3)]:
        query, key = torch.zeros(*batch, n_queries, 4), torch.zeros(*batch, n_keys, 4)
        expected = torch.zeros(*batch, n_queries, n_keys)
        expect(student.attention.attention_weights(query, key), expected)


# --- scaled_dot_product_attention -------------------------------------------------------------


def one_of_each(rng, batch, n_queries, n_keys, width, value_width, dtype=torch.float64):
    return (
        normal(rng, *batch, n_queries, width, dtype=dtype),
        normal(rng, *batch, n_keys, width, dtype=dtype),
        normal(rng, *batch, n_keys, value_width, dtype=dtype),
    )


@exercise("attention.scaled_dot_product_attention", weight=2)
def test_attention_is_that_of_the_library(student, rng):
    """Equal to torch's, in every dtype and with any batch; values may have a width of their own."""
    for sizes in shapes(rng, 6):
        for dtype in FLOATS:
            inputs = one_of_each(rng, *sizes, dtype=dtype)
            check(student.attention.scaled_dot_product_attention, library, *inputs)


@exercise("attention.scaled_dot_product_attention", weight=2)
def test_attention_under_masks_and_scales(student, rng):
    """Equal to torch's with masks of both kinds and with other scales."""
    attend = student.attention.scaled_dot_product_attention
    for batch, n_queries, n_keys, width, value_width in shapes(rng, 6):
        for dtype in FLOATS:
            inputs = one_of_each(rng, batch, n_queries, n_keys, width, value_width, dtype)
            for mask in some_masks(rng, batch, n_queries, n_keys, dtype):
                check(attend, library, *inputs, mask, scale=rng.choice([None, 0.0, 0.3]))
        check(attend, library, *inputs, scale=rng.uniform(-1, 1))


@exercise("attention.scaled_dot_product_attention")
def test_output_of_a_query_that_sees_nothing(student, rng):
    """Its output is zero, and neither it nor the others have a gradient that is no number."""
    names = "query", "key", "value", "mask"
    attend = student.attention.scaled_dot_product_attention
    for batch in BATCHES:
        n_queries, n_keys, width, value_width = different(rng, 4)
        inputs = one_of_each(rng, batch, n_queries, n_keys, width, value_width)
        for mask in some_masks(rng, batch, n_queries, n_keys, torch.float64):
            mask = hide_a_row(rng, mask)
            oracle = where_rows_see(library, mask)
            check(attend, oracle, *inputs, mask)
            check_gradients(rng, attend, oracle, names, *inputs, mask)


@exercise("attention.scaled_dot_product_attention", weight=2)
def test_gradients_of_attention(student, rng):
    """Gradients reach queries, keys, values and added masks, as those of torch do."""
    names = "query", "key", "value", "mask"
    attend = student.attention.scaled_dot_product_attention
    for batch in BATCHES:
        n_queries, n_keys, width, value_width = different(rng, 4)
        inputs = one_of_each(rng, batch, n_queries, n_keys, width, value_width)
        for mask in [None, *some_masks(rng, batch, n_queries, n_keys, torch.float64)]:
            check_gradients(
                rng, attend, library, names, *inputs, mask, scale=rng.choice([None, 0.7])
            )


@exercise("attention.scaled_dot_product_attention")
def test_no_look_ahead(student, rng):
    """Under a causal mask no output changes with a later key or value, nor has a gradient there."""
    attend = student.attention.scaled_dot_product_attention
    for length in range(2, 7):
        width, value_width = different(rng, 2)
        query, key, value = one_of_each(rng, (2,), length, length, width, value_width)
        mask = torch.ones(length, length, dtype=torch.bool).tril()
        here = rng.randint(0, length - 2)
        before = attend(query, key, value, mask)
        later_key, later_value = key.clone(), value.clone()
        later_key[:, here + 1 :] = normal(rng, 2, length - here - 1, width)
        later_value[:, here + 1 :] = 1e6
        after = attend(query, later_key, later_value, mask)
        expect(after[:, : here + 1], before[:, : here + 1])
        changed = (after - before)[:, here + 1 :].abs().min().item() > 1e-9
        expect_that(changed, expected="other outputs where the change is seen", got=after)
        leaves = [tensor.clone().requires_grad_() for tensor in (key, value)]
        attend(query, *leaves, mask)[:, here].sum().backward()
        for leaf, name in zip(leaves, ("keys", "values"), strict=True):
            expect(leaf.grad[:, here + 1 :], torch.zeros_like(leaf[:, here + 1 :]).detach())
            earlier = leaf.grad[:, : here + 1].abs().sum().item()
            given = f"the gradient of output {here} for the {name} up to it"
            expect_that(name == "keys" or earlier > 0, expected="not 0", got=earlier, given=given)


@exercise("attention.scaled_dot_product_attention")
def test_a_set_of_keys_has_no_order(student, rng):
    """Keys shuffled with their values change nothing; shuffled queries give shuffled outputs."""
    for batch in BATCHES:
        n_queries, n_keys, width, value_width = different(rng, 4)
        query, key, value = one_of_each(rng, batch, n_queries, n_keys, width, value_width)
        for mask in some_masks(rng, batch, n_queries, n_keys, torch.float64):
            attend = student.attention.scaled_dot_product_attention
            expected = attend(query, key, value, mask)
            rows, columns = (rng.sample(range(n), n) for n in (n_queries, n_keys))
            got = attend(
                query[..., rows, :],
                key[..., columns, :],
                value[..., columns, :],
                mask[..., rows, :][..., columns],
            )
            expect(got, expected[..., rows, :], tolerance=TOLERANCE[torch.float64])
            mean = value.mean(-2, keepdim=True).expand_as(expected)
            got = attend(torch.zeros_like(query), key, value)
            expect(got, mean, tolerance=TOLERANCE[torch.float64])


@exercise("attention.scaled_dot_product_attention")
def test_attention_with_huge_scores(student, rng):
    """Scores of 10 000 and -10 000: each query takes the value of its one key, or their mean."""
    for dtype in FLOATS:
        n_queries, n_keys, value_width = different(rng, 3)
        # Whole numbers and a width of 4: every product is exact in every dtype.
        key = torch.zeros(2, n_keys, 4, dtype=dtype)
        key[:, :, 1] = 2 * integers(rng, 0, 1, 2, n_keys) - 1
        query = torch.zeros(2, n_queries, 4, dtype=dtype)
        query[:, :, 1] = 20000.0 * (2 * integers(rng, 0, 1, 2, n_queries) - 1)
        value = normal(rng, 2, n_keys, value_width, dtype=dtype)
        check(student.attention.scaled_dot_product_attention, library, query, key, value)


@exercise("attention.scaled_dot_product_attention")
def test_attention_of_views_and_of_nothing_at_all(student, rng):
    """Inputs need not lie in one piece in memory; queries, keys or the batch may be none."""
    for sizes in shapes(rng, 6):
        inputs = one_of_each(rng, *sizes)
        expected = library(*inputs)
        got = student.support.on_views("scaled_dot_product_attention", *inputs)
        expect(got, expected, tolerance=TOLERANCE[torch.float64])
        batch, n_queries, _, width, _ = sizes
        inputs = [normal(rng, *batch, n_queries, width) for _ in range(3)]
        got = student.support.on_views_of_one("scaled_dot_product_attention", *inputs)
        expect(got, library(*inputs), tolerance=TOLERANCE[torch.float64])
    for batch, n_queries, n_keys in [((), 0, 3), ((2,), 3, 0), ((0,), 3, 2), ((0, 2), 1, 3)]:
        query, key, value = one_of_each(rng, batch, n_queries, n_keys, 4, 5)
        expected = torch.zeros(*batch, n_queries, 5, dtype=torch.float64)
        expect(student.attention.scaled_dot_product_attention(query, key, value), expected)
