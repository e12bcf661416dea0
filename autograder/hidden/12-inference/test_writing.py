"""Reading prompts and writing answers: the right tokens, and no more work than they need."""

import torch

from autograder.measure import measured
from autograder.student import read
from autograder.testing import complaint, exercise, expect, expect_that

LOGITS = 1e-6  # relative to the largest; see conftest.py


def kv_cache(both, n_rows, capacity):
    return both.student.inference.KVCache(both.config, n_rows, capacity, torch.float64)


def some_prompts(both, lengths):
    return [both.text(length) for length in lengths]


def last_logits(both, texts):
    return torch.stack([both.oracle.logits(text)[-1] for text in texts])


def read_prompts(student, both, prompts, cache):
    with torch.no_grad():
        return student.inference.prefill(both.model, prompts, cache)


# --- prefill ----------------------------------------------------------------------------------


@exercise("inference.prefill", weight=2)
def test_prefill_predicts_what_follows_each_prompt(student, pair):
    """The logits are those after the last token of each prompt, whatever its length."""
    for lengths in [(1,), (4,), (3, 3), (1, 2), (5, 1, 3), (2, 8, 4, 8)]:
        both = pair()
        prompts = some_prompts(both, lengths)
        got = read_prompts(student, both, prompts, kv_cache(both, len(lengths), max(lengths)))
        given = f"the logits after prompts of {lengths} tokens"
        expect(got, last_logits(both, prompts), given=given, tolerance=LOGITS)


@exercise("inference.prefill", weight=2)
def test_decoding_goes_on_after_prefill(student, pair):  # lint: ok null (it asks the cache)
    """The cache holds the prompts and no padding: each row goes on where its own prompt ends."""
    for lengths in [(2,), (3, 1), (1, 6, 4)]:
        both = pair()
        texts = some_prompts(both, lengths)
        cache = kv_cache(both, len(lengths), max(lengths) + 3)
        read_prompts(student, both, texts, cache)
        expect(read(cache, "lengths"), list(lengths))
        for _ in range(3):
            new = torch.tensor(some_prompts(both, [1] * len(texts)))
            texts = [[*text, *token] for text, token in zip(texts, new.tolist(), strict=True)]
            with torch.no_grad():
                got = both.model(new, cache)[:, -1]
            given = f"the logits of tokens that follow prompts of {lengths} tokens"
            expect(got, last_logits(both, texts), given=given, tolerance=LOGITS)


@exercise("inference.prefill")
def test_prefill_is_one_call(student, pair):
    """All prompts are read in one model call, as wide as the longest of them."""
    for lengths in [(1,), (6,), (2, 2), (7, 1, 3)]:
        both = pair()
        cache = kv_cache(both, len(lengths), 9)
        prompts = some_prompts(both, lengths)
        with measured(student) as cost:
            read_prompts(student, both, prompts, cache)
        given = f"the tokens fed by each model call that reads prompts of {lengths} tokens"
        expect(cost.tokens, [len(lengths) * max(lengths)], given=given)


@exercise("inference.prefill")
def test_prefill_computes_logits_for_one_position(student, pair):
    """To the unit the operations of reading the prompts, with the logits of one position a row."""
    for lengths in [(1,), (9,), (4, 4, 4), (2, 7)]:
        both = pair()
        cache = kv_cache(both, len(lengths), 9)
        prompts = some_prompts(both, lengths)
        with measured(student) as cost:
            read_prompts(student, both, prompts, cache)
        expected = both.oracle.flops(max(lengths), max(lengths), len(lengths))
        expect(cost.flops, expected, given=f"the operations of reading prompts of {lengths} tokens")


@exercise("inference.prefill")
def test_prefill_goes_on_with_what_is_there(student, pair):
    """A second prompt follows what its row holds already: one call more in the same talk."""
    for first, second in [((2,), (3,)), ((4, 1), (1, 3)), ((3, 3, 1), (1, 2, 5))]:
        both = pair()
        cache = kv_cache(both, len(first), 12)
        before, after = some_prompts(both, first), some_prompts(both, second)
        read_prompts(student, both, before, cache)
        got = read_prompts(student, both, after, cache)
        texts = [a + b for a, b in zip(before, after, strict=True)]
        given = f"the logits after prompts of {second} tokens, {first} being there already"
        expect(got, last_logits(both, texts), given=given, tolerance=LOGITS)
        expect(read(cache, "lengths"), [len(text) for text in texts])


@exercise("inference.prefill")
def test_neighbours_do_not_matter(student, pair):
    """A prompt has the same logits alone and beside longer and shorter ones, in any sequence."""
    both = pair(window=None)
    prompts = [tuple(prompt) for prompt in some_prompts(both, (3, 6, 1, 4))]
    expected = last_logits(both, prompts)
    alone = [read_prompts(student, both, [p], kv_cache(both, 1, len(p))) for p in prompts]
    given = "the logits of four prompts that are read one by one"
    expect(torch.cat(alone), expected, given=given, tolerance=LOGITS)
    turned = read_prompts(student, both, prompts[::-1], kv_cache(both, 4, 6))
    given = "the logits of four prompts, the last first"
    expect(turned, expected.flip(0), given=given, tolerance=LOGITS)


# --- generate ---------------------------------------------------------------------------------


@exercise("inference.generate", weight=3)
def test_writes_the_most_probable_tokens(student, pair):
    """The tokens are those of reading the whole text anew for each of them, in every row."""
    for lengths, n_new in [((1,), 1), ((3,), 6), ((2, 2), 3), ((4, 1, 6), 7)]:
        both = pair()
        prompts = some_prompts(both, lengths)
        got = student.inference.generate(both.model, prompts, n_new)
        given = f"{n_new} tokens after prompts of {lengths} tokens"
        expect(got, [both.oracle.greedy(prompt, n_new) for prompt in prompts], given=given)


@exercise("inference.generate", weight=2)
def test_feeds_one_new_token_a_step(student, pair):
    """The prompts are read by one call; each later one is fed one token a row; the last none."""
    for lengths, n_new in [((1,), 1), ((4,), 1), ((3,), 2), ((2, 5), 4), ((1, 1, 6), 6)]:
        both = pair()
        prompts = some_prompts(both, lengths)
        with measured(student) as cost:
            student.inference.generate(both.model, prompts, n_new)
        n_rows = len(lengths)
        given = f"the tokens fed by each call to write {n_new} after prompts of {lengths} tokens"
        expect(cost.tokens, [n_rows * max(lengths)] + [n_rows] * (n_new - 1), given=given)


@exercise("inference.generate", weight=2)
def test_writing_costs_what_its_steps_cost(student, pair):
    """To the unit the operations of reading the prompts once and of one token a row and step."""
    for n_rows, length, n_new in [(1, 3, 2), (2, 5, 1), (3, 4, 8)]:
        both = pair()
        prompts = some_prompts(both, [length] * n_rows)
        with measured(student) as cost:
            student.inference.generate(both.model, prompts, n_new)
        steps = [both.oracle.flops(1, length + n, n_rows) for n in range(1, n_new)]
        expected = both.oracle.flops(length, length, n_rows) + sum(steps)
        given = f"the operations of writing {n_new} tokens after {n_rows} prompts of {length}"
        expect(cost.flops, expected, given=given)


def answers_and_stop(both, lengths, n_new):
    """Prompts, what follows them, and a token that ends at least one of the answers early."""
    while True:
        prompts = some_prompts(both, lengths)
        answers = [both.oracle.greedy(prompt, n_new) for prompt in prompts]
        stop = answers[0][n_new // 2]
        if len({len(until(a, {stop})) for a in answers}) == min(len(lengths), 2):
            return prompts, answers, stop


def until(answer, stop):
    ends = [n for n, token in enumerate(answer) if token in stop]
    return answer[: ends[0] + 1] if ends else answer


@exercise("inference.generate", weight=2)
def test_a_row_ends_with_its_stop_token(student, pair):
    """The first stop token is the last that a row writes; the other rows go on."""
    for lengths in [(3,), (1, 4), (2, 5, 1)]:
        both = pair()
        prompts, answers, stop = answers_and_stop(both, lengths, 7)
        for stops in ([stop], {stop, answers[-1][5]}, (stop, 40_000)):
            got = student.inference.generate(both.model, prompts, 7, stop=stops)
            given = f"7 tokens at most after prompts of {lengths} tokens, each ending with {stops}"
            expect(got, [until(answer, stops) for answer in answers], given=given)


@exercise("inference.generate")
def test_nothing_is_fed_when_all_have_stopped(student, pair):
    """As soon as every row has stopped there is no model call any more."""
    for lengths in [(2,), (3, 1), (1, 2, 4)]:
        both = pair()
        prompts, answers, stop = answers_and_stop(both, lengths, 6)
        stops = {stop, *(answer[3] for answer in answers)}
        ends = [until(answer, stops) for answer in answers]
        n_calls = max(map(len, ends))
        with measured(student) as cost:
            got = student.inference.generate(both.model, prompts, 50, stop=stops)
        expect(got, ends, given=f"50 tokens at most, each row ending with one of {sorted(stops)}")
        expected = [len(lengths) * max(lengths)] + [len(lengths)] * (n_calls - 1)
        given = f"the tokens fed by each call, where the longest answer has {n_calls} tokens"
        expect(cost.tokens, expected, given=given)


@exercise("inference.generate")
def test_a_prompt_may_hold_a_stop_token(student, pair):
    """Only what a row writes can stop it."""
    for lengths in [(3,), (2, 5)]:
        both = pair()
        prompts = some_prompts(both, lengths)
        answers = [both.oracle.greedy(prompt, 4) for prompt in prompts]
        stops = {token for prompt in prompts for token in prompt}
        got = student.inference.generate(both.model, prompts, 4, stop=stops)
        given = f"4 tokens at most, each row ending with one of {sorted(stops)}"
        expect(got, [until(answer, stops) for answer in answers], given=given)


@exercise("inference.generate")
def test_uses_the_cache_that_it_is_given(student, pair):
    """Everything but the last token of each row is in that cache afterwards, whatever its kind."""
    for lengths, n_new in [((4,), 3), ((1, 3), 5)]:
        both = pair(window=3)
        prompts = some_prompts(both, lengths)
        expected = [both.oracle.greedy(prompt, n_new) for prompt in prompts]
        capacity = max(lengths) + n_new - 1
        cache = kv_cache(both, len(lengths), capacity)
        got = student.inference.generate(both.model, prompts, n_new, cache=cache)
        given = f"{n_new} tokens after prompts of {lengths}, with room for {capacity} tokens a row"
        expect(got, expected, given=given)
        given = f"the lengths in the cache after {n_new} tokens for prompts of {lengths}"
        expect(read(cache, "lengths"), [n + n_new - 1 for n in lengths], given=given)


# --- continuous_batching ----------------------------------------------------------------------


def some_requests(both, sizes):
    """Requests over there, and what a right answer to each is."""
    prompts = some_prompts(both, [length for length, _ in sizes])
    expected = [both.oracle.greedy(p, n) for p, (_, n) in zip(prompts, sizes, strict=True)]
    requests = [
        both.student.inference.Request(p, n) for p, (_, n) in zip(prompts, sizes, strict=True)
    ]
    return requests, expected


def room(sizes):
    """The tokens that a row must hold: the last one that is written is not fed."""
    return max(length + n_new - 1 for length, n_new in sizes)


def random_sizes(rng, n_requests, least=1):
    return [(rng.randint(1, 6), rng.randint(least, 7)) for _ in range(n_requests)]


def tokens_fed(sizes, n_rows):
    """By each call, where a request is read as soon as a row is free."""
    waiting, left, calls = list(sizes), [0] * n_rows, []
    while waiting or any(left):
        for row in range(n_rows):
            while not left[row] and waiting:
                length, n_new = waiting.pop(0)
                calls.append(length)
                left[row] = n_new - 1
        if any(left):
            calls.append(n_rows)
            left = [max(0, n - 1) for n in left]
    return calls


@exercise("inference.continuous_batching", weight=3)
def test_answers_are_those_to_each_request_alone(student, rng, pair):
    """Every request is answered as if it were the only one, in the order of the requests."""
    for n_rows, n_requests in [(1, 1), (1, 3), (2, 2), (2, 5), (3, 9)]:
        both = pair()
        sizes = random_sizes(rng, n_requests)
        requests, expected = some_requests(both, sizes)
        got = student.inference.continuous_batching(both.model, requests, n_rows, room(sizes))
        given = f"answers to (prompt length, n_new) = {sizes} by {n_rows} rows"
        expect(got, expected, given=given)


@exercise("inference.continuous_batching", weight=2)
def test_no_row_waits_for_another(student, rng, pair):
    """One long answer does not hold up the short ones: no more steps than the work needs."""
    for n_rows, others in [(2, 6), (3, 9)]:
        both = pair()
        sizes = [(2, 12), *[(1, 3)] * others]
        requests, expected = some_requests(both, sizes)
        with measured(student) as cost:
            got = student.inference.continuous_batching(both.model, requests, n_rows, 14)
        expect(got, expected, given=f"answers to {sizes} by {n_rows} rows")
        steps = len(cost.tokens) - len(sizes)
        # In batches that wait for their slowest: 11 steps for the first, 2 for each other.
        most = max(11, -(-sum(n - 1 for _, n in sizes) // n_rows) + 2)
        given = f"the decoding steps for {sizes} (prompt length, n_new) with {n_rows} rows"
        expect_that(steps <= most, expected=f"at most {most}", got=steps, given=given)


@exercise("inference.continuous_batching", weight=2)
def test_each_call_feeds_what_is_due(student, rng, pair):
    """A request is read alone, when a row is free; every other call feeds one token a row."""
    for n_rows, n_requests in [(1, 2), (2, 3), (2, 6), (3, 7)]:
        both = pair()
        sizes = random_sizes(rng, n_requests, least=2)
        requests, expected = some_requests(both, sizes)
        with measured(student) as cost:
            got = student.inference.continuous_batching(both.model, requests, n_rows, room(sizes))
        expect(got, expected, given=f"answers to {sizes} by {n_rows} rows")
        given = f"the tokens fed by each call for {sizes} (prompt length, n_new), {n_rows} rows"
        expect(cost.tokens, tokens_fed(sizes, n_rows), given=given)


@exercise("inference.continuous_batching")
def test_one_token_needs_no_step(student, pair):
    """What is to write one token is done when it is read; its row is free for the next."""
    for n_rows, sizes in [
        (1, [(3, 1)]),
        (2, [(2, 1), (4, 1), (1, 1)]),
        (2, [(1, 1)] * 3 + [(2, 4)]),
    ]:
        both = pair()
        requests, expected = some_requests(both, sizes)
        with measured(student) as cost:
            got = student.inference.continuous_batching(both.model, requests, n_rows, room(sizes))
        expect(got, expected, given=f"answers to {sizes} by {n_rows} rows")
        steps = max(n for _, n in sizes) - 1
        given = f"the calls for {sizes} (prompt length, n_new), {n_rows} rows"
        expect(len(cost.tokens), len(sizes) + steps, given=given)


@exercise("inference.continuous_batching")
def test_rows_are_used_again_from_their_beginning(student, rng, pair):
    """Room for the largest request alone is enough, however many have used its row before."""
    for n_rows, n_requests in [(1, 6), (2, 11)]:
        both = pair()
        sizes = [(rng.randint(3, 5), rng.randint(3, 5)) for _ in range(n_requests)]
        requests, expected = some_requests(both, sizes)
        got = student.inference.continuous_batching(both.model, requests, n_rows, room(sizes))
        given = f"answers to {sizes} by {n_rows} rows with room for {room(sizes)} tokens"
        expect(got, expected, given=given)
        small = min(room([size]) for size in sizes) - 1
        args = both.model, requests, n_rows, small
        words = complaint(lambda args=args: student.inference.continuous_batching(*args))
        given = "a capacity that is too small for every request"
        expect_that(bool(words), expected="a ValueError that says why", got=words, given=given)


@exercise("inference.continuous_batching")
def test_rows_without_work(student, pair):
    """More rows than requests do no harm, nor does there being no request at all."""
    both = pair()
    expect(student.inference.continuous_batching(both.model, [], 2, 8), [])
    for n_rows, sizes in [(3, [(2, 4)]), (4, [(1, 5), (6, 2)])]:
        requests, expected = some_requests(both, sizes)
        got = student.inference.continuous_batching(both.model, requests, n_rows, room(sizes))
        expect(got, expected, given=f"answers to {sizes} by {n_rows} rows")
