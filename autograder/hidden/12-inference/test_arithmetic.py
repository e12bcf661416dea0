"""What a model costs before it runs: against memory that is laid out, and work that is counted."""

import math

import torch

from autograder.measure import measured
from autograder.student import parameters, read
from autograder.testing import exercise, expect, expect_that

# Models as published: layers, width, query heads, key heads, head width, F, V.
LLAMA_2_7B = (32, 4096, 32, 32, 128, 11008, 32000)
LLAMA_3_70B = (80, 8192, 64, 8, 128, 28672, 128256)
MISTRAL_7B = (32, 4096, 32, 8, 128, 14336, 32000)
QWEN_3_0_6B = (28, 1024, 16, 8, 128, 3072, 151936)  # H · K is twice D
NAMES = ("n_layers", "width", "n_heads", "n_kv_heads", "head_width", "inner", "vocabulary")
TYPES = {1: torch.int8, 2: torch.bfloat16, 4: torch.float32, 8: torch.float64}


def published(student, model, **others):
    sizes = dict(zip(NAMES, model, strict=True)) | others
    return sizes, student.models.DecoderConfig(**sizes)


def laid_out(sizes, n_tokens, n_rows, bytes_per_number):
    """The bytes of tensors for keys and values of each layer."""
    shape = n_rows, n_tokens, sizes["n_kv_heads"], sizes["head_width"]
    tensor = torch.empty(shape, dtype=TYPES[bytes_per_number], device="meta")
    return sum(tensor.nbytes for _ in range(sizes["n_layers"]) for _ in ("key", "value"))


# --- cache_bytes ------------------------------------------------------------------------------


@exercise("inference.cache_bytes", weight=2)
def test_cache_bytes_are_those_of_the_tensors(student, rng, some_sizes):
    """As many bytes as tensors for the keys and values of all layers take."""
    for most in (1, 3, 40, 5000):
        for _ in range(3):
            sizes = some_sizes()
            config = student.models.DecoderConfig(**sizes)
            args = rng.randint(1, most), rng.randint(1, 7), rng.choice(list(TYPES))
            expect(student.inference.cache_bytes(config, *args), laid_out(sizes, *args))


@exercise("inference.cache_bytes")
def test_cache_bytes_of_published_models(student, rng):
    """Models of 0.6 to 70 billion weights, with 16 bits a number and with others."""
    for model in (LLAMA_2_7B, LLAMA_3_70B, MISTRAL_7B, QWEN_3_0_6B):
        sizes, config = published(student, model)
        expect(student.inference.cache_bytes(config, 4096), laid_out(sizes, 4096, 1, 2))
        for n_rows, size in ((3, 1), (5, 4)):
            n_tokens = rng.randint(1, 100_000)
            got = student.inference.cache_bytes(config, n_tokens, n_rows, size)
            expect(got, laid_out(sizes, n_tokens, n_rows, size))


@exercise("inference.cache_bytes")
def test_a_window_bounds_the_cache(student, rng, some_sizes):
    """Beyond the window nothing is added, below it nothing is saved."""
    for window in (1, 7, 64):
        sizes = some_sizes(window=window)
        config = student.models.DecoderConfig(**sizes)
        for n_tokens in (window - 1, window, window + 1, 10 * window):
            n_rows = rng.randint(2, 5)
            expected = laid_out(sizes, min(n_tokens, window), n_rows, 2)
            expect(student.inference.cache_bytes(config, n_tokens, n_rows), expected)


@exercise("inference.cache_bytes")
def test_an_empty_cache_weighs_nothing(student, rng, some_sizes):
    """Bytes are whole numbers, in proportion to tokens and rows, and 0 for none."""
    config = student.models.DecoderConfig(**some_sizes())
    one = student.inference.cache_bytes(config, 1)
    expect_that(isinstance(one, int) and one > 0, expected="a whole number above 0", got=one)
    expect(student.inference.cache_bytes(config, 0), 0)
    for _ in range(3):
        tokens, rows = rng.randint(2, 999), rng.randint(2, 99)
        expect(student.inference.cache_bytes(config, tokens, rows), one * tokens * rows)


# --- step_flops -------------------------------------------------------------------------------


@exercise("inference.step_flops", weight=2)
def test_prefill_is_what_the_model_computes(student, rng, pair):
    """To the unit what reading texts takes, counted while a decoder reads them."""
    for n_rows, length in [(1, 1), (1, 5), (3, 2), (2, 17)]:
        both = pair()
        texts = torch.tensor([both.text(length) for _ in range(n_rows)])
        with torch.no_grad(), measured(student) as cost:
            both.model.logits(both.model.hidden(texts)[:, -1])
        expect(student.inference.step_flops(both.config, length, length, n_rows), cost.flops)


@exercise("inference.step_flops", weight=2)
def test_flops_of_any_step(student, rng, pair):
    """The sum over all matrix products, with any number of tokens before the new ones."""
    for n_rows, n_new, past in [(1, 1, 0), (1, 1, 1), (2, 1, 9), (1, 3, 4), (4, 5, 0), (3, 2, 90)]:
        both = pair()
        expected = both.oracle.flops(n_new, n_new + past, n_rows)
        got = student.inference.step_flops(both.config, n_new, n_new + past, n_rows)
        expect(got, expected)
    both = pair()
    expect(student.inference.step_flops(both.config, 2, 5), both.oracle.flops(2, 5))


@exercise("inference.step_flops")
def test_flops_grow_linearly_with_the_context(student, rng, some_sizes):
    """Each key more costs every new token the same, however many keys there are."""
    for n_groups, per_group in [(1, 4), (2, 3), (5, 1)]:
        n_heads = n_groups * per_group
        sizes = some_sizes(n_heads=n_heads, n_kv_heads=n_groups)
        config = student.models.DecoderConfig(**sizes)
        # A product and a sum for each number of a query, and again for each number of a value.
        for n_new, n_rows in [(1, 1), (1, 3), (4, 2)]:
            key = 4 * n_heads * sizes["head_width"] * sizes["n_layers"] * n_new * n_rows
            step = student.inference.step_flops
            first = step(config, n_new, 10, n_rows)
            growth = [step(config, n_new, 10 + more, n_rows) - first for more in (1, 2, 1000)]
            given = f"what 1, 2 and 1000 keys more cost {n_rows} rows with {n_new} new tokens each"
            expect(growth, [key, 2 * key, 1000 * key], given=given)


@exercise("inference.step_flops")
def test_flops_of_published_models(student):
    """One token costs two operations a weight that it is multiplied with, and what it looks at."""
    for model, attention in [(LLAMA_2_7B, 32 * 4096), (LLAMA_3_70B, 80 * 8192)]:
        sizes, config = published(student, model)
        layer = sizes["width"] * sizes["head_width"]
        layer *= 2 * sizes["n_heads"] + 2 * sizes["n_kv_heads"]
        layer += 3 * sizes["width"] * sizes["inner"]
        weights = sizes["n_layers"] * layer + sizes["vocabulary"] * sizes["width"]
        for context in (1, 4096):
            expected = 2 * weights + 4 * attention * context
            expect(student.inference.step_flops(config, 1, context), expected)


@exercise("inference.step_flops")
def test_logits_are_computed_for_one_position(student, some_sizes):
    """The vocabulary is paid once a row, however many tokens are new."""
    sizes = some_sizes()
    small = student.models.DecoderConfig(**sizes)
    large = student.models.DecoderConfig(**sizes | {"vocabulary": 50_041})
    for n_new, context, n_rows in [(1, 1, 1), (1, 9, 3), (6, 6, 1), (7, 30, 4)]:
        step = student.inference.step_flops
        got = step(large, n_new, context, n_rows) - step(small, n_new, context, n_rows)
        given = f"what 50000 more words cost {n_rows} rows with {n_new} new tokens each"
        expect(got, 2 * 50_000 * sizes["width"] * n_rows, given=given)


# --- step_bytes -------------------------------------------------------------------------------


def numbers_in_matrices(both):
    """Of the layers, and of the matrix that makes the logits, which may be the embedding."""
    found = parameters(both.model)
    layers = sum(w.numel() for n, w in found.items() if w.ndim == 2 and n.startswith("layers."))
    return layers + found.get("head.weight", found["embedding.weight"]).numel()


@exercise("inference.step_bytes", weight=2)
def test_every_matrix_is_read_once(student, rng, pair):
    """All matrices of a decoder once, and the keys and values that each row holds."""
    for tied in (True, False, True, False):
        both = pair(tied=tied)
        n_rows, context, size = rng.randint(2, 9), rng.randint(1, 99), rng.choice([1, 2, 4])
        cache = laid_out(both.oracle.sizes, context, n_rows, size)
        got = student.inference.step_bytes(both.config, context, n_rows, size)
        expect(got, numbers_in_matrices(both) * size + cache)
        got = student.inference.step_bytes(both.config, context)
        cache = laid_out(both.oracle.sizes, context, 1, 2)
        expect(got, 2 * numbers_in_matrices(both) + cache)


@exercise("inference.step_bytes")
def test_rows_share_the_matrices(student, rng, some_sizes):
    """A row more is a cache more, and no matrix more."""
    for _ in range(4):
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        context, n_rows, size = rng.randint(1, 500), rng.randint(2, 64), rng.choice([1, 2, 4])
        one = student.inference.step_bytes(config, context, 1, size)
        many = student.inference.step_bytes(config, context, n_rows, size)
        given = f"what {n_rows - 1} rows more read, with {context} tokens each"
        expect(many - one, laid_out(sizes, context, n_rows - 1, size), given=given)


@exercise("inference.step_bytes")
def test_a_window_bounds_what_is_read(student, rng, some_sizes):
    """With a window no more of the past is read than it is wide."""
    for window in (1, 5, 33):
        sizes = some_sizes(window=window)
        config = student.models.DecoderConfig(**sizes)
        narrow = [student.inference.step_bytes(config, n, 3) for n in (1, window, 50 * window)]
        more = [laid_out(sizes, n - 1, 3, 2) for n in (1, window, window)]
        given = f"what more is read after {window} and {50 * window} tokens than after one"
        expect([n - narrow[0] for n in narrow], more, given=given)


@exercise("inference.step_bytes")
def test_bytes_of_published_models(student, rng):
    """Models of 0.6 to 70 billion weights."""
    for model in (LLAMA_2_7B, LLAMA_3_70B, MISTRAL_7B, QWEN_3_0_6B):
        sizes, config = published(student, model, tied=rng.random() < 0.5)
        n_layers, width, n_heads, n_groups, head, inner, vocabulary = model
        shapes = [(width, head)] * (2 * n_heads + 2 * n_groups) + [(width, inner)] * 3
        weights = n_layers * sum(map(math.prod, shapes)) + vocabulary * width
        for context, n_rows in [(1, 1), (rng.randint(2, 9999), rng.randint(2, 32))]:
            expected = 2 * weights + laid_out(sizes, context, n_rows, 2)
            expect(student.inference.step_bytes(config, context, n_rows), expected)


# --- latency ----------------------------------------------------------------------------------


def some_answer(rng, n_tokens):
    """When the request came, how long the first token took, and the gaps between the tokens."""
    started, first = rng.uniform(-50, 1e4), rng.uniform(0.5, 3)
    gaps = [rng.uniform(0.01, 0.4) for _ in range(n_tokens - 1)]
    times = [started + first]
    for gap in gaps:
        times.append(times[-1] + gap)
    return started, first, gaps, times


# Differences of numbers of some 10⁴ are right to some 10⁻¹² seconds.
CLOCK = 1e-8


@exercise("inference.latency", weight=2)
def test_latency_of_an_answer(student, rng):
    """Seconds to the first token, mean seconds between tokens, tokens a second."""
    for n_tokens in (2, 2, 3, 10, 100):
        started, first, gaps, times = some_answer(rng, n_tokens)
        expected = (first, math.fsum(gaps) / len(gaps), n_tokens / (first + math.fsum(gaps)))
        got = student.inference.latency(started, times)
        expect(got[:2], expected[:2], tolerance=CLOCK)
        expect(got[2], expected[2], tolerance=CLOCK)
        expect(len(got), 3)


@exercise("inference.latency")
def test_latency_of_one_token(student, rng):
    """A single token has nothing between."""
    for _ in range(3):
        started, first, _, times = some_answer(rng, 1)
        got = student.inference.latency(started, times)
        expect(got, (first, 0.0, 1 / first), tolerance=CLOCK)
    expect(student.inference.latency(0.0, (4.0,)), (4.0, 0.0, 0.25))


@exercise("inference.latency")
def test_latency_does_not_depend_on_when_it_was(student, rng):
    """Only differences of times count, and the long wait for the first token is not one of them."""
    for n_tokens in (2, 7):
        _, first, gaps, _ = some_answer(rng, n_tokens)
        answers = []
        for started in (0.0, 1000.0, -1000.0):
            times = [started + first + sum(gaps[:n]) for n in range(n_tokens)]
            answers.append(list(student.inference.latency(started, times)))
        expect(answers[1:], [answers[0]] * 2, given="the same answer at three times of day")
        slow = student.inference.latency(-30.0, [first + sum(gaps[:n]) for n in range(n_tokens)])
        expect(slow[0], 30 + first, tolerance=CLOCK)
        expect(slow[1], sum(gaps) / len(gaps), tolerance=CLOCK)


@exercise("inference.latency")
def test_latency_has_named_fields(student):
    """The three numbers are called first, between and per_second."""
    answer = student.inference.latency.obj(10.0, [12.0, 13.0, 14.0, 18.0])
    found = {name: read(answer, name) for name in ("first", "between", "per_second")}
    expect(found, {"first": 2.0, "between": 2.0, "per_second": 0.5})
