"""Penalties, temperature and truncation, against transformers and against their definitions."""

import itertools
import math

import torch

from autograder.testing import exercise, expect, expect_that

OUT = -math.inf
# One division or subtraction in each dtype; the numbers are compared in float64.
ROUNDING = {torch.float64: 1e-12, torch.float32: 1e-6, torch.bfloat16: 2**-7}
KEPT = 0.0  # what stays, stays as it was
SHAPES = [(1, 2), (2, 5), (7,), (3, 4, 6), (1, 1, 9)]


def theirs(name, *args):
    """One of transformers' processors; imported here, since it takes a while."""
    from transformers.generation import logits_process

    return getattr(logits_process, name)(*args)


def kept_only(logits, kept):
    """The logits of the tokens in `kept`, one set for each row of two dimensions."""
    expected = torch.full_like(logits, OUT)
    for row, chosen in enumerate(kept):
        for token in chosen:
            expected[row, token] = logits[row, token]
    return expected


# --- apply_temperature ------------------------------------------------------------------------


@exercise("generation.apply_temperature", weight=2)
def test_every_logit_is_divided(student, rng, normal):
    """Whatever the shape, each logit is divided by the temperature."""
    for shape in SHAPES:
        logits, temperature = 3 * normal(*shape), rng.uniform(0.05, 4)
        got = student.generation.apply_temperature(logits, temperature)
        expected = torch.tensor([z / temperature for z in logits.flatten().tolist()], dtype=float)
        expect(got, expected.view(shape), tolerance=ROUNDING[torch.float64])


@exercise("generation.apply_temperature")
def test_numbers_keep_their_type(student, rng, normal):
    """32 bits stay 32 bits, 16 stay 16, at every temperature."""
    for dtype, temperature in itertools.product(ROUNDING, (0.5, rng.uniform(0.1, 3), 0.0)):
        logits = normal(2, 5, dtype=dtype)
        got = student.generation.apply_temperature(logits, temperature)
        expected = logits.double() / temperature if temperature else kept_largest(logits.double())
        expect(got, expected.to(dtype), tolerance=ROUNDING[dtype])


def kept_largest(logits):
    """0 for the largest of each row."""
    rows = logits.reshape(-1, logits.shape[-1]).tolist()
    flat = [[0.0 if z == max(row) else OUT for z in row] for row in rows]
    return torch.tensor(flat, dtype=logits.dtype).view(logits.shape)


@exercise("generation.apply_temperature", weight=2)
def test_zero_leaves_the_largest_of_each_row(student, rng, normal):
    """At temperature 0 what is largest in a row becomes 0, one or several, and all else -inf."""
    for shape in SHAPES:
        logits = normal(*shape) - 9
        expect(student.generation.apply_temperature(logits, 0.0), kept_largest(logits))
        logits[..., rng.randrange(1, shape[-1])] = logits[..., 0]  # ties, some of them on top
        logits = torch.cat([logits, logits[..., :1].clamp(min=-20)], dim=-1)
        expect(student.generation.apply_temperature(logits, 0.0), kept_largest(logits))


@exercise("generation.apply_temperature")
def test_zero_is_what_small_temperatures_come_to(student, normal):
    """As the temperature falls the distribution comes as near to that at 0 as you like."""
    for shape in [(1, 2), (3, 6)]:
        logits = normal(*shape).argsort(-1).argsort(-1).double()  # neighbours are 1 apart
        cold = (logits / 0.02).softmax(-1)
        frozen = student.generation.apply_temperature(logits, 0.0).softmax(-1)
        expect(frozen, cold, given="the distribution at temperature 0", tolerance=1e-12)


@exercise("generation.apply_temperature")
def test_warmer_is_more_even(student, rng, normal):
    """The entropy of the distribution grows with the temperature."""
    for size in (2, 5, 30):
        logits = normal(1, size)
        entropies = []
        for temperature in (0.2, 0.7, 1.0, 2.5):
            p = student.generation.apply_temperature(logits, temperature).softmax(-1)
            entropies.append(-(p * p.log()).sum().item())
        given = f"entropies of {size} tokens at temperatures 0.2, 0.7, 1 and 2.5"
        expect_that(
            all(a < b for a, b in itertools.pairwise(entropies)),
            expected="each larger than the one before",
            got=entropies,
            given=given,
        )


@exercise("generation.apply_temperature")
def test_what_is_out_stays_out(student, rng, normal):
    """A token of -inf has probability 0 at every temperature."""
    for size in (3, 8):
        logits = normal(2, size)
        logits[0, rng.randrange(size)] = logits[1, 0] = OUT
        for temperature in (0.0, 0.3, 2.0):
            got = student.generation.apply_temperature(logits, temperature)
            expected = logits / temperature if temperature else kept_largest(logits)
            expect(got, expected, tolerance=ROUNDING[torch.float64])


# --- penalise ---------------------------------------------------------------------------------


def some_text(rng, n_rows, length, vocabulary):
    """Rows in which some tokens occur several times and some never."""
    few = rng.sample(range(vocabulary), max(1, vocabulary // 2))
    return torch.tensor([[rng.choice(few) for _ in range(length)] for _ in range(n_rows)])


def by_rows(penalised, logits, text, n_prompt, **penalties):
    rows = zip(logits.tolist(), text.tolist(), strict=True)
    return torch.tensor(
        [penalised(row, tokens, n_prompt, **penalties) for row, tokens in rows], dtype=logits.dtype
    )


@exercise("generation.penalise", weight=3)
def test_all_three_at_once(student, rng, normal, penalised):
    """Row by row and token by token, all penalties together are as the docstring says."""
    for n_rows, length, n_prompt, size in [(1, 1, 0, 3), (1, 5, 2, 4), (3, 9, 4, 6), (2, 12, 0, 7)]:
        logits, text = 2 * normal(n_rows, size), some_text(rng, n_rows, length, size)
        penalties = {
            "presence": rng.uniform(-1, 2),
            "frequency": rng.uniform(0.1, 1),
            "repetition": rng.uniform(0.7, 2),
        }
        got = student.generation.penalise(logits, text, n_prompt, **penalties)
        expect(got, by_rows(penalised, logits, text, n_prompt, **penalties), tolerance=1e-12)


@exercise("generation.penalise", weight=2)
def test_presence_and_frequency_leave_the_prompt_alone(student, rng, normal, penalised):
    """Only what stands after the first n_prompt tokens counts, each penalty alone and both."""
    for n_rows, length, size in [(1, 4, 3), (2, 8, 5)]:
        logits, text = normal(n_rows, size), some_text(rng, n_rows, length, size)
        for n_prompt, (presence, frequency) in itertools.product(
            (0, 1, length // 2, length), [(0.7, 0.0), (0.0, 0.3), (-0.5, 1.25)]
        ):
            penalties = {"presence": presence, "frequency": frequency}
            got = student.generation.penalise(logits, text, n_prompt, **penalties)
            expect(got, by_rows(penalised, logits, text, n_prompt, **penalties), tolerance=1e-12)


@exercise("generation.penalise", weight=2)
def test_repetition_is_that_of_transformers(student, rng, normal):
    """Positive logits are divided and negative ones multiplied, once a token, prompt and all."""
    for n_rows, length, size in [(1, 1, 2), (2, 6, 5), (3, 20, 8)]:
        logits, text = 3 * normal(n_rows, size), some_text(rng, n_rows, length, size)
        for repetition in (0.8, 1.0, 1.3, 4.0):
            got = student.generation.penalise(
                logits, text, rng.randint(0, length), repetition=repetition
            )
            processor = theirs("RepetitionPenaltyLogitsProcessor", repetition)
            expect(got, processor(text, logits.clone()), tolerance=1e-12)


@exercise("generation.penalise")
def test_an_empty_text_costs_nothing(student, normal):  # lint: ok null (nothing is to change)
    """Where nothing stands before it, no logit changes."""
    for n_rows, size in [(1, 2), (3, 5)]:
        logits = normal(n_rows, size)
        nothing = torch.zeros(n_rows, 0, dtype=torch.long)
        got = student.generation.penalise(
            logits, nothing, presence=1.0, frequency=1.0, repetition=2.0
        )
        expect(got, logits, tolerance=KEPT)


@exercise("generation.penalise")
def test_penalties_keep_the_type(student, rng, normal, penalised):
    """Logits of 32 and 16 bits come back as such, and right."""
    for dtype in ROUNDING:
        logits, text = normal(2, 6, dtype=dtype), some_text(rng, 2, 9, 6)
        penalties = {"presence": 0.5, "frequency": 0.25, "repetition": 2.0}
        got = student.generation.penalise(logits, text, 3, **penalties)
        expected = by_rows(penalised, logits.double(), text, 3, **penalties)
        expect(got, expected.to(dtype), tolerance=2 * ROUNDING[dtype])


# --- top_k ------------------------------------------------------------------------------------


@exercise("generation.top_k", weight=2)
def test_top_k_is_that_of_transformers(student, rng, normal):
    """The same tokens stay as in transformers, with their logits."""
    for n_rows, size in [(1, 2), (2, 7), (3, 30)]:
        logits = normal(n_rows, size)
        for k in {1, 2, rng.randint(1, size), size}:
            got = student.generation.top_k(logits, k)
            expect(got, theirs("TopKLogitsWarper", k)(None, logits), tolerance=KEPT)


@exercise("generation.top_k")
def test_equals_at_the_edge_stay(student, rng):
    """All that equal the k-th largest stay; it may be more than k."""
    for levels, k in [([2, 1, 1], 2), ([3, 3, 3, 1], 1), ([5, 4, 4, 4, 1, 0], 3)]:
        order = rng.sample(range(len(levels)), len(levels))
        row = [float(levels[place]) for place in order]
        bar = sorted(row, reverse=True)[k - 1]
        logits = torch.tensor([row, [-z for z in range(len(row))]], dtype=torch.float64)
        expected = kept_only(logits, [[n for n, z in enumerate(row) if z >= bar], range(k)])
        expect(student.generation.top_k(logits, k), expected, tolerance=KEPT)


@exercise("generation.top_k")
def test_no_more_than_there_are(student, normal):  # lint: ok null (nothing is to change)
    """With k as large as the vocabulary, or larger, nothing changes."""
    for size in (1, 4):
        logits = normal(2, size)
        for k in (size, size + 1, 500):
            expect(student.generation.top_k(logits, k), logits, tolerance=KEPT)


@exercise("generation.top_k")
def test_top_k_of_any_shape_and_type(student, rng, normal):
    """A vector, rows of rows, 64, 32 and 16 bits: the last axis is the vocabulary."""
    for shape, dtype in zip(SHAPES, [*ROUNDING, *ROUNDING], strict=False):
        logits = normal(*shape, dtype=dtype)
        k = rng.randint(1, shape[-1])
        rows = logits.double().reshape(-1, shape[-1])
        kept = [[n for n, z in enumerate(row) if z >= sorted(row)[-k]] for row in rows.tolist()]
        expected = kept_only(rows, kept).view(shape).to(dtype)
        expect(student.generation.top_k(logits, k), expected, tolerance=KEPT)


@exercise("generation.top_k")
def test_a_hair_makes_a_difference(student, rng):
    """Two logits that differ in the 12th digit are not equal."""
    for size in (2, 6):
        near = [1 + 1e-12 * n for n in rng.sample(range(size), size)]
        logits = torch.tensor([near], dtype=torch.float64)
        expected = kept_only(logits, [[near.index(max(near))]])
        expect(student.generation.top_k(logits, 1), expected, tolerance=KEPT)


@exercise("generation.top_k")
def test_top_k_of_what_is_left(student, rng, normal):
    """Tokens that are out already stay out, and the others are counted without them."""
    logits = normal(2, 8)
    for row in logits:
        row[rng.sample(range(8), 5)] = OUT
    expect(student.generation.top_k(logits, 3), logits, tolerance=KEPT)
    expect(student.generation.top_k(logits, 6), logits, tolerance=KEPT)
    largest = [[int(row.argmax())] for row in logits]
    expect(student.generation.top_k(logits, 1), kept_only(logits, largest), tolerance=KEPT)


# --- top_p ------------------------------------------------------------------------------------


def nucleus(row, p):
    """The tokens to keep of a list of logits."""
    highest = max(row)
    weights = [math.exp(z - highest) for z in row]
    enough, kept, total = p * math.fsum(weights), [], 0.0
    for token in sorted(range(len(row)), key=lambda token: -row[token]):
        if not kept or total < enough:
            kept.append(token)
            total += weights[token]
    return kept


def away_from_edges(rng, logits):
    """Some p that no running sum of any row comes near to."""
    sums = logits.reshape(-1, logits.shape[-1]).double().sort(-1, descending=True).values
    edges = [0.0, *sorted(sums.softmax(-1).cumsum(-1).flatten().tolist()), 1.0]
    gaps = [(a, b) for a, b in itertools.pairwise(edges) if b - a > 1e-3]
    return [a + (b - a) * rng.uniform(0.2, 0.8) for a, b in rng.sample(gaps, min(4, len(gaps)))]


@exercise("generation.top_p", weight=2)
def test_top_p_is_that_of_transformers(student, rng, normal):
    """The same tokens stay as in transformers, with their logits."""
    for n_rows, size in [(1, 2), (2, 5), (3, 12)]:
        logits = 2 * normal(n_rows, size)
        for p in away_from_edges(rng, logits):
            got = student.generation.top_p(logits, p)
            expect(got, theirs("TopPLogitsWarper", p)(None, logits), tolerance=KEPT)


@exercise("generation.top_p", weight=2)
def test_no_fewer_and_no_more(student, rng, normal):
    """What stays has p or more, and without its least probable token less."""
    for size in (3, 10, 40):
        logits = 1.5 * normal(1, size)
        for p in away_from_edges(rng, logits):
            expected = kept_only(logits, [nucleus(logits[0].tolist(), p)])
            expect(student.generation.top_p(logits, p), expected, tolerance=KEPT)


@exercise("generation.top_p", weight=2)
def test_p_from_nothing_to_everything(student, normal):
    """With p = 0 the most probable token of each row stays, with p = 1 all of them."""
    for n_rows, size in [(1, 1), (1, 2), (3, 6)]:
        logits = normal(n_rows, size)
        largest = [[int(row.argmax())] for row in logits]
        expect(student.generation.top_p(logits, 0.0), kept_only(logits, largest), tolerance=KEPT)
        expect(student.generation.top_p(logits, 1.0), logits, tolerance=KEPT)


@exercise("generation.top_p")
def test_top_p_of_any_shape_and_type(student, rng, normal):
    """A vector, rows of rows, 64, 32 and 16 bits: the last axis is the vocabulary."""
    for shape, dtype in zip(SHAPES, [*ROUNDING, *ROUNDING], strict=False):
        ranks = normal(*shape).argsort(-1).argsort(-1)  # so that none are equal, in 16 bits either
        logits = (ranks / 2 - 1).to(dtype)
        p = rng.choice(away_from_edges(rng, logits))
        rows = logits.double().reshape(-1, shape[-1])
        expected = kept_only(rows, [nucleus(row, p) for row in rows.tolist()])
        expect(student.generation.top_p(logits, p), expected.view(shape).to(dtype), tolerance=KEPT)


@exercise("generation.top_p")
def test_only_differences_count(student, rng, normal):
    """The same constant added to all logits, be it huge, changes nothing."""
    for size, constant in [(3, 900.0), (6, -900.0)]:
        logits = 2 * normal(2, size)
        for p in away_from_edges(rng, logits):
            kept = [nucleus(row, p) for row in logits.tolist()]
            got = student.generation.top_p(logits + constant, p)
            expect(got, kept_only(logits + constant, kept), tolerance=KEPT)


@exercise("generation.top_p")
def test_a_long_tail_adds_up(student, rng):
    """Among thousands of tokens, each of next to no probability, sums are not lost to rounding."""
    for dtype in (torch.float32, torch.bfloat16):
        # 4000 tokens of a 5000th, and one of the rest.
        logits = torch.full((1, 4001), 0.0)
        place = rng.randrange(4001)
        logits[0, place] = math.log(1000)
        got = student.generation.top_p(logits.to(dtype), 0.19)
        expect(got, kept_only(logits.to(dtype), [[place]]), tolerance=KEPT)
        logits[0] -= torch.arange(4001) / 1e4  # no two are equal
        logits[0, place] = math.log(1000)
        kept = nucleus(logits[0].to(dtype).tolist(), 0.6)
        n_stay = int(student.generation.top_p(logits.to(dtype), 0.6).isfinite().sum())
        # In 16 bits many are equal: the group that straddles the edge may stay as a whole.
        bar = logits[0].to(dtype)[kept[-1]]
        most = int((logits[0].to(dtype) >= bar).sum())
        expect_that(
            len(kept) <= n_stay <= most,
            expected=f"{len(kept)} to {most}",
            got=n_stay,
            given=f"the number of tokens that stay of 4001 in {dtype}",
        )


@exercise("generation.top_p")
def test_sums_are_taken_in_64_bits(student, normal):
    """A p that is a billionth below a sum of many 32-bit tokens' probabilities cuts there."""
    for logits in normal(8, 1, 2000).float():
        ranked, order = logits[0].sort(descending=True)
        sums, single = ranked.double().softmax(-1).cumsum(-1), ranked.softmax(-1)
        # The places where sums of 32 bits would cut a token later; some rows have none.
        late = (single.cumsum(-1) - single)[1:] < (sums - 1e-9).float()[:-1]
        late &= ranked[:-1] > ranked[1:]
        for last in late[:1500].nonzero()[:, 0].tolist()[-1:]:
            got = student.generation.top_p(logits, sums[last].item() - 1e-9)
            expect(got, kept_only(logits, [order[: last + 1].tolist()]), tolerance=KEPT)


@exercise("generation.top_p")
def test_top_p_of_what_is_left(student, rng, normal):
    """Tokens that are out already have no share, and stay out."""
    for size in (5, 9):
        logits = normal(2, size)
        for row in logits:
            row[rng.sample(range(size), size - 3)] = OUT
        for p in away_from_edges(rng, logits):
            expected = kept_only(logits, [nucleus(row, p) for row in logits.tolist()])
            expect(student.generation.top_p(logits, p), expected, tolerance=KEPT)


# --- min_p ------------------------------------------------------------------------------------


def within(row, p):
    """The tokens to keep of a list of logits."""
    return [n for n, z in enumerate(row) if math.exp(z - max(row)) >= p]


def share_between(rng, logits):
    """A p that no token's ratio to the largest of its row comes near to."""
    rows = logits.reshape(-1, logits.shape[-1]).double()
    ratios = (rows - rows.amax(-1, keepdim=True)).exp().flatten().tolist()
    edges = [0.0, *sorted(ratios)]
    gaps = [(a, b) for a, b in itertools.pairwise(edges) if b - a > 1e-3]
    return [a + (b - a) * rng.uniform(0.2, 0.8) for a, b in rng.sample(gaps, min(4, len(gaps)))]


@exercise("generation.min_p", weight=2)
def test_min_p_is_that_of_transformers(student, rng, normal):
    """The same tokens stay as in transformers, with their logits."""
    for n_rows, size in [(1, 2), (2, 5), (3, 12)]:
        logits = 2 * normal(n_rows, size)
        for p in share_between(rng, logits):
            got = student.generation.min_p(logits, p)
            expect(got, theirs("MinPLogitsWarper", p)(None, logits), tolerance=KEPT)


@exercise("generation.min_p")
def test_the_bar_is_a_share_of_the_largest(student, rng, normal):
    """A token stays if its probability is at least p times that of the most probable."""
    for size in (3, 20):
        logits = 2 * normal(2, size)
        for p in share_between(rng, logits):
            expected = kept_only(logits, [within(row, p) for row in logits.tolist()])
            expect(student.generation.min_p(logits, p), expected, tolerance=KEPT)


@exercise("generation.min_p")
def test_huge_logits_do_no_harm(student, rng, normal):
    """A constant added to all logits changes nothing, even where no exponential could hold it."""
    for size, constant in [(3, 2000.0), (7, -2000.0)]:
        logits = 2 * normal(2, size)
        for p in share_between(rng, logits):
            kept = [within(row, p) for row in logits.tolist()]
            got = student.generation.min_p(logits + constant, p)
            expect(got, kept_only(logits + constant, kept), tolerance=KEPT)


@exercise("generation.min_p")
def test_one_keeps_the_largest_and_zero_all(student, normal):
    """With p = 1 the largest stay, all that are equal; with p = 0 everything does."""
    for size in (3, 6):
        logits = normal(2, size)
        logits[0, :2] = 5.0
        largest = [[0, 1], [int(logits[1].argmax())]]
        expect(student.generation.min_p(logits, 1.0), kept_only(logits, largest), tolerance=KEPT)
        far = torch.cat([logits, logits - 800], dim=-1)
        expect(student.generation.min_p(far, 0.0), far, tolerance=KEPT)


@exercise("generation.min_p")
def test_min_p_of_any_shape_and_type(student, rng, normal):
    """A vector, rows of rows, 64, 32 and 16 bits: the last axis is the vocabulary."""
    for shape, dtype in zip(SHAPES, [*ROUNDING, *ROUNDING], strict=False):
        logits = (2 * normal(*shape)).to(dtype)
        rows = logits.double().reshape(-1, shape[-1])
        ratios = (rows - rows.amax(-1, keepdim=True)).exp().flatten().tolist()
        gaps = sorted(itertools.pairwise([0.0, *sorted(ratios)]), key=lambda gap: gap[0] - gap[1])
        p = sum(gaps[0]) / 2  # the widest: 16 bits may not tell others apart
        expected = kept_only(rows, [within(row, p) for row in rows.tolist()])
        expect(student.generation.min_p(logits, p), expected.view(shape).to(dtype), tolerance=KEPT)


@exercise("generation.min_p")
def test_min_p_of_what_is_left(student, rng, normal):
    """Tokens that are out stay out, and the bar is set by those that are left."""
    logits = normal(2, 6)
    logits[0, 2] = logits[1, 4] = OUT
    for p in share_between(rng, logits[:, [0, 1, 3, 5]]):
        expected = kept_only(logits, [within(row, p) for row in logits.tolist()])
        expect(student.generation.min_p(logits, p), expected, tolerance=KEPT)


# --- next_distribution ------------------------------------------------------------------------


def by_transformers(logits, text, temperature, top_k=None, top_p=1.0, min_p=0.0, repetition=1.0):
    scores = theirs("RepetitionPenaltyLogitsProcessor", repetition)(text, logits.clone())
    scores = theirs("TemperatureLogitsWarper", float(temperature))(None, scores)
    if top_k is not None:
        scores = theirs("TopKLogitsWarper", top_k)(None, scores)
    scores = theirs("TopPLogitsWarper", top_p)(None, scores)
    return theirs("MinPLogitsWarper", min_p)(None, scores).softmax(-1)


@exercise("generation.next_distribution", weight=3)
def test_the_order_is_that_of_transformers(student, rng, normal):
    """All steps at once give what transformers' processors give, one after the other."""
    for n_rows, length, size in [(1, 2, 5), (2, 6, 12), (3, 10, 30), (2, 8, 60)]:
        for _ in range(3):
            logits, text = 2 * normal(n_rows, size), some_text(rng, n_rows, length, size)
            settings = {
                "temperature": rng.choice([0.4, 0.7, 1.6, 2.5]),
                "top_k": rng.choice([None, size // 2, 3]),
                "top_p": rng.choice([1.0, rng.uniform(0.3, 0.95)]),
                "min_p": rng.choice([0.0, rng.uniform(0.05, 0.6)]),
                "repetition": rng.choice([1.0, 0.8, 1.7]),
            }
            sampling = student.generation.Sampling(**settings)
            got = student.generation.next_distribution(logits, text, sampling)
            given = f"the distribution over {size} tokens with {settings}"
            expect(got, by_transformers(logits, text, **settings), given=given, tolerance=1e-9)


@exercise("generation.next_distribution", weight=2)
def test_penalties_are_taken_off_raw_logits(student, rng, normal, penalised):
    """Presence and frequency come before temperature and truncation, and spare the prompt."""
    for n_rows, length, n_prompt, size in [(1, 3, 1, 4), (2, 8, 3, 6), (2, 9, 0, 20)]:
        logits, text = 2 * normal(n_rows, size), some_text(rng, n_rows, length, size)
        penalties = {"presence": rng.uniform(0.5, 2), "frequency": rng.uniform(0.2, 1)}
        penalties["repetition"] = rng.uniform(1.1, 2)
        lowered = by_rows(penalised, logits, text, n_prompt, **penalties)
        for others in (
            {"temperature": rng.choice([0.4, 2.5])},
            {"temperature": 0.8, "top_k": max(2, size // 2), "top_p": rng.uniform(0.5, 0.9)},
        ):
            sampling = student.generation.Sampling(**penalties, **others)
            got = student.generation.next_distribution(logits, text, sampling, n_prompt)
            given = f"a distribution with {penalties | others}, {n_prompt} tokens of prompt"
            expect(got, by_transformers(lowered, text, **others), given=given, tolerance=1e-9)


@exercise("generation.next_distribution")
def test_each_setting_alone(student, rng, normal):
    """One setting at a time, the others as they are by default."""
    logits, text = 2 * normal(2, 9), some_text(rng, 2, 5, 9)
    for name, value in [
        ("temperature", 0.5),
        ("top_k", 4),
        ("top_p", 0.55),
        ("min_p", 0.3),
        ("repetition", 1.5),
    ]:
        sampling = student.generation.Sampling(**{name: value})
        got = student.generation.next_distribution(logits, text, sampling)
        expected = by_transformers(logits, text, **({"temperature": 1.0} | {name: value}))
        expect(got, expected, given=f"a distribution with {name} = {value}", tolerance=1e-9)


@exercise("generation.next_distribution")
def test_greedy_is_a_distribution_too(student, normal):
    """At temperature 0 all of the probability is on the most probable token of each row."""
    for n_rows, size in [(1, 3), (3, 7)]:
        logits = normal(n_rows, size)
        text = torch.zeros(n_rows, 0, dtype=torch.long)
        for others in ({}, {"top_k": 2, "top_p": 0.5, "min_p": 0.2}):
            sampling = student.generation.Sampling(temperature=0.0, **others)
            got = student.generation.next_distribution(logits, text, sampling)
            expected = torch.nn.functional.one_hot(logits.argmax(-1), size).double()
            expect(got, expected, given="a distribution at temperature 0", tolerance=1e-12)


@exercise("generation.next_distribution")
def test_a_distribution_of_the_logits_type(student, rng, normal):
    """Logits of 32 bits give probabilities of 32 bits."""
    logits, text = normal(2, 11, dtype=torch.float32), some_text(rng, 2, 4, 11)
    settings = {"temperature": 0.8, "top_k": 7, "min_p": 0.05, "repetition": 1.2}
    sampling = student.generation.Sampling(**settings)
    got = student.generation.next_distribution(logits, text, sampling)
    expected = by_transformers(logits.double(), text, **settings).float()
    expect(got, expected, given=f"a distribution with {settings}", tolerance=1e-5)
