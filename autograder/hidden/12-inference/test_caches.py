"""Caches: with each of them, and in whatever pieces a text is fed, a decoder says the same."""

import math

import torch

from autograder.measure import measured
from autograder.student import read
from autograder.testing import complaint, exercise, expect, expect_that

EXACT = 0.0  # what is kept comes back as it was
FLOATS = [torch.float64, torch.float32, torch.bfloat16]


def normal(rng, *shape, dtype=torch.float64):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(dtype)


class Truth:
    """What a cache should know: every real key and value by layer, row and position."""

    def __init__(self, rng, sizes, n_rows, dtype=torch.float64):
        self.rng, self.dtype = rng, dtype
        self.shape = n_rows, sizes["n_kv_heads"]
        self.width, self.n_layers = sizes["head_width"], sizes["n_layers"]
        self.kept = {(layer, b): [] for layer in range(self.n_layers) for b in range(n_rows)}

    def length(self, row):
        return len(self.kept[0, row])

    def row(self, layer, row):
        """Keys and values of a row, of shape (2, G, length, K)."""
        return torch.stack(self.kept[layer, row], dim=2)

    def feed(self, cache, counts, check=lambda layer, keys, values: None):
        """A call as a decoder makes it, with random keys and values, and padding that is loud."""
        n_new = max(counts)
        _, mask = cache.start(n_new, counts)
        for layer in range(self.n_layers):
            both = normal(self.rng, 2, *self.shape, n_new, self.width, dtype=self.dtype)
            for b, count in enumerate(counts):
                both[:, b, :, count:] = 1e4
                self.kept[layer, b] += [both[:, b, :, new] for new in range(count)]
            keys, values = cache.update(layer, both[0], both[1])
            check(layer, keys, values)
        cache.finish()
        return mask


def check_rows(truth, layer, keys, values, given):
    """Each row's tokens come back from the first slot on."""
    for b in range(truth.shape[0]):
        if length := truth.length(b) if layer == 0 else len(truth.kept[layer, b]):
            got = torch.stack([keys[b, :, :length], values[b, :, :length]])
            expect(got, truth.row(layer, b), given=f"{given}, row {b}", tolerance=EXACT)


# --- KVCache ----------------------------------------------------------------------------------


def kv_cache(both, n_rows, capacity):
    return both.student.inference.KVCache(both.config, n_rows, capacity, torch.float64)


@exercise("inference.KVCache", weight=3)
def test_cached_is_uncached_at_every_step(pair):
    """After the prompt and after each token that follows the logits are those without a cache."""
    for n_rows, prompt, n_steps in [(1, 1, 2), (1, 3, 4), (3, 2, 5), (2, 7, 9)]:
        both = pair()
        cache = kv_cache(both, n_rows, prompt + n_steps)
        texts = [both.text(prompt + n_steps) for _ in range(n_rows)]
        both.follow(cache, texts, [prompt] + [1] * n_steps)


@exercise("inference.KVCache", weight=2)
def test_rows_of_different_lengths(rng, pair):
    """Prompts of different lengths in one batch, padded on the right, then token after token."""
    for prompts in [(1, 2), (4, 1, 3), (2, 9, 5, 1)]:
        both = pair()
        texts = [both.text(length + 6) for length in prompts]
        both.follow(kv_cache(both, len(prompts), max(prompts) + 6), texts, [prompts] + [1] * 6)


@exercise("inference.KVCache", weight=2)
def test_a_text_may_come_in_pieces(pair, schedules):
    """Any number of tokens may follow any number, in every row its own, or none at all."""
    both = pair()
    both.follow(kv_cache(both, 1, 20), [both.text(20)], [4, 1, 6, 2, 7])
    both.follow(kv_cache(both, 2, 9), [both.text(9), both.text(9)], [3, 3, 1, 2])
    for n_rows in (2, 3):
        both = pair()
        lengths, schedule = schedules(n_rows, 6)
        texts = [both.text(length) for length in lengths]
        both.follow(kv_cache(both, n_rows, 40), texts, schedule)


@exercise("inference.KVCache")
def test_a_window_hides_what_is_far(pair, schedules):
    """In a model with a window a token sees so many keys, its own included, and not one more."""
    for window in (1, 2, 3, 5):
        both = pair(window=window)
        texts = [both.text(9), both.text(9)]
        both.follow(kv_cache(both, 2, 9), texts, [3] + [1] * 6)
        lengths, schedule = schedules(3, 5)
        texts = [both.text(length) for length in lengths]
        both.follow(kv_cache(both, 3, 40), texts, schedule)


@exercise("inference.KVCache")
def test_every_key_comes_back_as_it_was(student, rng, some_sizes, schedules):
    """In every layer its own keys and values, in every dtype, in the order of their positions."""
    for dtype in FLOATS:
        for n_rows, equal in [(1, True), (2, True), (3, False)]:
            sizes = some_sizes()
            config = student.models.DecoderConfig(**sizes)
            cache = student.inference.KVCache(config, n_rows, 40, dtype)
            truth = Truth(rng, sizes, n_rows, dtype)
            _, schedule = schedules(n_rows, 5)
            schedule = [[max(c)] * n_rows for c in schedule] if equal else schedule
            for counts in schedule:
                given = f"what update returns after {counts} tokens more"
                truth.feed(
                    cache, counts, lambda *got, g=given, t=truth: check_rows(t, *got, given=g)
                )


@exercise("inference.KVCache")
def test_the_mask_shows_the_past_and_hides_the_rest(student, rng, some_sizes):
    """A token sees the slots up to its own; where a step has nothing to hide there is no mask."""
    calls = [(1, True, 1), (2, True, 1), (2, True, 3), (3, False, 1), (3, False, 4)]
    for window in (None, 1, 4, 30):
        config = student.models.DecoderConfig(**some_sizes(window=window))
        for n_rows, equal, n_new in calls:
            cache = student.inference.KVCache(config, n_rows, 40)
            first = [rng.randint(1, 9)] * n_rows if equal else rng.sample(range(1, 9), n_rows)
            if window == 4 and (n_rows, n_new) == (2, 1):
                first = [3, 3]  # the window is just wide enough
            cache.start(max(first), first)
            cache.finish()
            _, mask = cache.start(n_new)
            held = [length + n_new for length in first]
            given = f"the mask of {n_new} new tokens a row, after {first}, window {window}"
            if equal and n_new == 1 and (window is None or held[0] <= window):
                expect(mask, None, given=given)
                continue
            slots = torch.arange(max(held))
            expected = torch.zeros(n_rows, 1, n_new, max(held), dtype=torch.bool)
            for b, i in [(b, i) for b in range(n_rows) for i in range(n_new)]:
                own = first[b] + i
                expected[b, 0, i] = (slots <= own) & (slots > own - (window or math.inf))
            is_mask = torch.is_tensor(mask) and mask.ndim == 4
            expect_that(is_mask, expected="a mask of four axes", got=mask, given=given)
            expect(mask.expand(expected.shape), expected, given=given)


@exercise("inference.KVCache", weight=2)
def test_a_step_costs_one_token(student, pair):
    """To the unit the operations of one new token a row, and as many more for each key more."""
    for n_rows, prompt in [(1, 4), (3, 11)]:
        both = pair()
        cache = kv_cache(both, n_rows, 60)
        texts = [both.text(prompt) for _ in range(n_rows)]
        n_new = prompt
        for held in range(prompt, prompt + 5):
            with torch.no_grad(), measured(student) as cost:
                hidden = both.model.hidden(torch.tensor(texts), cache)
                both.model.logits(hidden[:, -1])
            given = f"the operations of feeding {n_new} tokens a row, {held} in the cache then"
            expect(cost.flops, both.oracle.flops(n_new, held, n_rows), given=given)
            texts, n_new = [both.text(1) for _ in range(n_rows)], 1


@exercise("inference.KVCache")
def test_nothing_is_copied(student, rng, some_sizes):
    """Keeping a token costs memory for that token: what is held already is not copied."""
    for first in ([300, 300, 300], [290, 300, 7]):
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.KVCache(config, 3, 400)
        before = read(cache, "n_bytes")
        cache.start(300, first)
        cache.finish()
        key, value = normal(
            rng, 2, 3, sizes["n_kv_heads"], 1, sizes["head_width"], dtype=torch.float32
        )
        cache.start(1)
        with measured(student) as cost:
            cache.update.obj(0, key, value)
        kept = 301 * 3 * key[0].nbytes
        given = f"the bytes that one more token takes after {first}, where {kept} are held"
        less = "less than a tenth of what is held"
        expect_that(cost.peak_bytes < kept / 10, expected=less, got=cost.peak_bytes, given=given)
        expect(read(cache, "n_bytes"), before)


@exercise("inference.KVCache")
def test_a_row_shares_its_memory(student, rng, some_sizes):
    """What a row's own cache is told is in the whole cache, and in no other row of it."""
    for row in (0, 2):
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.KVCache(config, 3, 9, torch.float64)
        own, truth = cache.row.obj(row), Truth(rng, sizes, 1)
        truth.feed(own, [4])
        truth.feed(own, [2])
        expected = torch.zeros(2, sizes["n_layers"], 3, sizes["n_kv_heads"], 9, sizes["head_width"])
        expected = expected.double()
        for layer in range(sizes["n_layers"]):
            expected[:, layer, row, :, :6] = truth.row(layer, 0)
        given = f"keys and values of the whole cache after six tokens for row {row}"
        got = torch.stack([read(cache, "keys"), read(cache, "values")])
        expect(got[..., :6, :], expected[..., :6, :], given=given, tolerance=EXACT)


# --- SlidingWindowCache -----------------------------------------------------------------------


def ring(both, n_rows):
    return both.student.inference.SlidingWindowCache(both.config, n_rows, torch.float64)


@exercise("inference.SlidingWindowCache", weight=3)
def test_ring_is_uncached_at_every_step(pair):
    """However long the text gets the logits are those without a cache."""
    for window, n_rows, prompt in [(1, 1, 1), (3, 1, 2), (2, 2, 2), (4, 3, 7), (5, 2, 11)]:
        both = pair(window=window)
        n_steps = 2 * window + 3
        texts = [both.text(prompt + n_steps) for _ in range(n_rows)]
        both.follow(ring(both, n_rows), texts, [prompt] + [1] * n_steps)


@exercise("inference.SlidingWindowCache", weight=2)
def test_ring_with_rows_of_different_lengths(pair):
    """Some prompts shorter than the window, some longer; padding takes no slot."""
    for window, prompts in [(3, (1, 2)), (2, (5, 1, 3)), (4, (2, 9, 4, 1)), (30, (1, 6))]:
        both = pair(window=window)
        texts = [both.text(length + 8) for length in prompts]
        both.follow(ring(both, len(prompts)), texts, [prompts] + [1] * 8)


@exercise("inference.SlidingWindowCache", weight=2)
def test_ring_in_pieces(pair, schedules):
    """Pieces shorter and longer than the window, in every row its own, or none at all."""
    for window in (1, 3, 4):
        both = pair(window=window)
        both.follow(ring(both, 1), [both.text(22)], [2, 1, 7, 3, 4, 1, 4])
        both.follow(ring(both, 2), [both.text(12), both.text(12)], [5, 2, 1, 4])
        lengths, schedule = schedules(3, 7, most=6)
        both.follow(ring(both, 3), [both.text(length) for length in lengths], schedule)


@exercise("inference.SlidingWindowCache")
def test_each_token_sees_the_last_of_the_window(student, rng, some_sizes, schedules):
    """Of all the keys that come back, the mask shows just the last W, its own among them."""
    for window, n_rows, most in [(2, 1, 1), (3, 2, 4), (5, 3, 3), (4, 2, 9)]:
        sizes = some_sizes(window=window)
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.SlidingWindowCache(config, n_rows, torch.float64)
        truth = Truth(rng, sizes, n_rows)
        for counts in schedules(n_rows, 7, most)[1]:
            found = {}
            held = [truth.length(b) for b in range(n_rows)]
            mask = truth.feed(
                cache, counts, lambda layer, k, v, f=found: f.update({layer: torch.stack([k, v])})
            )
            layer = rng.randrange(sizes["n_layers"])
            if mask is None:
                mask = torch.ones(found[layer].shape[-2], dtype=torch.bool)
            n_keys = found[layer].shape[-2]
            mask = mask.expand(n_rows, 1, max(counts), n_keys)
            for b, i in ((b, i) for b, count in enumerate(counts) for i in range(count)):
                own = held[b] + i
                seen = found[layer][:, b, :, mask[b, 0, i]]
                due = truth.row(layer, b)[:, :, max(0, own - window + 1) : own + 1]
                given = f"what token {own} of row {b} sees, window {window}, {counts} tokens fed"
                expect(seen.shape[2], due.shape[2], given=f"how many keys are {given}")
                seen, due = (t[:, :, t[0, 0, :, 0].argsort()] for t in (seen, due))
                expect(seen, due, given=given, tolerance=EXACT)


@exercise("inference.SlidingWindowCache")
def test_each_token_is_in_its_slot(student, rng, some_sizes, schedules):
    """The last W tokens of each row are kept, the token at position p in slot p % W."""
    for window, n_rows, most in [(3, 1, 2), (4, 3, 3), (3, 2, 10)]:
        sizes = some_sizes(window=window)
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.SlidingWindowCache(config, n_rows, torch.float64)
        truth = Truth(rng, sizes, n_rows)
        for counts in schedules(n_rows, 5, most)[1]:
            truth.feed(cache, counts)
            kept = torch.stack([read(cache, "keys"), read(cache, "values")])
            for layer, b in truth.kept:
                positions = range(max(0, truth.length(b) - window), truth.length(b))
                if not positions:
                    continue
                got = kept[:, layer, b][:, :, [p % window for p in positions]]
                given = f"the slots of positions {list(positions)}, row {b}, after {counts} more"
                due = truth.row(layer, b)[:, :, list(positions)]
                expect(got, due, given=given, tolerance=EXACT)


@exercise("inference.SlidingWindowCache")
def test_a_ring_does_not_grow(student, pair):
    """A step costs no more than the window, in operations and in memory, however long the text."""
    both = pair(window=6)
    cache = ring(both, 2)
    before = read(cache, "n_bytes")
    tokens, n_new = [both.text(3), both.text(3)], 3
    for held in [3, 4, 5, 6, 7, 8, 13, 14]:
        if held == 13:
            with torch.no_grad():
                both.model(torch.tensor([both.text(4), both.text(4)]), cache)
        with torch.no_grad(), measured(student) as cost:
            both.model.logits(both.model.hidden(torch.tensor(tokens), cache)[:, -1])
        expected = both.oracle.flops(n_new, min(held, 6), 2)
        expect(cost.flops, expected, given=f"the operations of a call after which {held} are read")
        tokens, n_new = [both.text(1), both.text(1)], 1
    expect(read(cache, "n_bytes"), before)
    shape = list(read(cache, "keys").shape)
    sizes = both.oracle.sizes
    expected = [sizes["n_layers"], 2, sizes["n_kv_heads"], 6, sizes["head_width"]]
    expect(shape, expected, given="the shape of the keys")


# --- PagedCache -------------------------------------------------------------------------------


def paged(both, n_rows, n_pages, page):
    return both.student.inference.PagedCache(both.config, n_rows, n_pages, page, torch.float64)


@exercise("inference.PagedCache", weight=3)
def test_paged_is_uncached_at_every_step(pair):
    """The logits are those without a cache, for one row and for many, whatever a page holds."""
    for n_rows, page, prompt in [(1, 1, 1), (1, 4, 3), (2, 3, 6), (3, 16, 2)]:
        both = pair()
        texts = [both.text(prompt + 7) for _ in range(n_rows)]
        cache = paged(both, n_rows, n_rows * -(-(prompt + 7) // page), page)
        both.follow(cache, texts, [prompt] + [1] * 7)


@exercise("inference.PagedCache", weight=2)
def test_paged_rows_of_different_lengths(pair, schedules):
    """Prompts of different lengths, and texts in pieces, in every row its own, or none at all."""
    for page, prompts in [(2, (1, 2)), (3, (5, 1, 3)), (4, (2, 9, 4, 1))]:
        both = pair()
        texts = [both.text(length + 5) for length in prompts]
        n_pages = sum(-(-len(text) // page) for text in texts)
        both.follow(paged(both, len(prompts), n_pages, page), texts, [prompts] + [1] * 5)
        lengths, schedule = schedules(3, 6)
        n_pages = sum(-(-length // page) for length in lengths)
        texts = [both.text(length) for length in lengths]
        both.follow(paged(both, 3, n_pages, page), texts, schedule)
    both = pair()  # nobody's row beside one that has the only page
    both.follow(paged(both, 2, 1, 4), [both.text(3), both.text(1)], [(2, 0), (1, 0)])


def check_pages(cache, lengths, page, n_pages, given):
    """Each row has the pages that its tokens need; each page has one owner, or none."""
    tables, free = read(cache, "tables"), read(cache, "free")
    due = [-(-length // page) for length in lengths]
    expect([len(table) for table in tables], due, given=f"how many pages rows have {given}")
    owned = sorted([*free, *(number for table in tables for number in table)])
    expect(owned, list(range(n_pages)), given=f"the free pages and those of rows {given}")
    return tables


@exercise("inference.PagedCache", weight=2)
def test_rows_have_the_pages_that_they_need(student, rng, some_sizes, schedules):
    """A row has a page for every `page` tokens begun, whatever the others have."""
    for page, n_rows in [(1, 1), (4, 1), (3, 2), (4, 3)]:
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.PagedCache(config, n_rows, 50, page)
        lengths = [0] * n_rows
        for counts in schedules(n_rows, 8, 5)[1]:
            cache.start(max(counts), counts)
            cache.finish()
            lengths = [a + b for a, b in zip(lengths, counts, strict=True)]
            given = f"of {page} tokens each, for {lengths} tokens"
            check_pages(cache, lengths, page, 50, given)


@exercise("inference.PagedCache")
def test_tokens_are_in_the_pages_of_their_row(student, rng, some_sizes, schedules):
    """Token p of a row is in its page number p // page, there in slot p % page."""
    for page, n_rows in [(1, 2), (3, 2), (4, 3)]:
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.PagedCache(config, n_rows, 50, page, torch.float64)
        truth = Truth(rng, sizes, n_rows)
        for counts in schedules(n_rows, 5)[1]:
            given = f"what update returns after {counts} tokens more"
            truth.feed(cache, counts, lambda *got, g=given, t=truth: check_rows(t, *got, given=g))
            tables = read(cache, "tables")
            pool = torch.stack([read(cache, "keys"), read(cache, "values")])
            for layer, b in truth.kept:
                if truth.length(b):
                    places = [(tables[b][p // page], p % page) for p in range(truth.length(b))]
                    got = torch.stack([pool[:, layer, n, :, slot] for n, slot in places], dim=2)
                    words = f"the tokens of row {b}, read through its table {tables[b]}"
                    expect(got, truth.row(layer, b), given=words, tolerance=EXACT)


@exercise("inference.PagedCache", weight=2)
def test_pages_are_used_again(pair):
    """When a row is released its pages are free; others, and who gets the pages, do not notice."""
    for page, n_pages in [(2, 12), (3, 8)]:  # just as many as the plan needs
        both = pair()
        cache = paged(both, 3, n_pages, page)
        texts = [both.text(9) for _ in range(3)]
        expected = [both.oracle.logits(text) for text in texts]
        lengths = [0, 0, 0]
        # Row 1 is released twice, and each time reads another text from its beginning.
        plan = [(5, 3, 1), "release", (1, 0, 2), (0, 4, 1), (1, 1, 1), "release", (2, 6, 2)]
        for step in plan:
            if step == "release":
                cache.release(1)
                lengths[1], texts[1] = 0, both.text(9)
                expected[1] = both.oracle.logits(texts[1])
                expect(read(cache, "lengths"), lengths, given="the lengths after a release")
                check_pages(cache, lengths, page, n_pages, "after a release of row 1")
                continue
            rows = [t[n : n + c] for t, n, c in zip(texts, lengths, step, strict=True)]
            padded = torch.tensor([[*row, *both.text(max(step) - len(row))] for row in rows])
            with torch.no_grad():
                got = both.model(padded, cache, step)
            for b, count in enumerate(step):
                due = expected[b][lengths[b] : lengths[b] + count]
                given = f"the logits of row {b} after {count} tokens more, rows holding {lengths}"
                if count:
                    expect(got[b, :count], due, given=given, tolerance=1e-6)
            lengths = [a + b for a, b in zip(lengths, step, strict=True)]
            given = f"of {page} tokens each, for {lengths} tokens"
            check_pages(cache, lengths, page, n_pages, given)


@exercise("inference.PagedCache", weight=2)
def test_who_cannot_get_all_gets_nothing(student, rng, some_sizes):
    """Where the free pages do not suffice no row gets any; yet all pages can be had."""
    config = student.models.DecoderConfig(**some_sizes())
    for first, more, last in [
        ([4, 4], [9, 9], [4, 4]),
        ([3, 1], [1, 21], [5, 7]),
        ([8, 0], [4, 9], [8, 0]),
    ]:
        cache = student.inference.PagedCache(config, 2, 4, 4)
        cache.start(max(first), first)
        cache.finish()
        tables, free = read(cache, "tables"), read(cache, "free")
        words = complaint(lambda cache=cache, more=more: cache.start(max(more), more))
        given = f"feeding {more} after {first} to a cache of 4 pages of 4 tokens"
        expect_that(bool(words), expected="a ValueError that says why", got=words, given=given)
        given = f"the pages after {more} more tokens were refused to rows with {first}"
        expect([read(cache, "tables"), read(cache, "free")], [tables, free], given=given)
        expect(read(cache, "lengths"), first)
        cache.start(max(last), last)
        cache.finish()
        lengths = [a + b for a, b in zip(first, last, strict=True)]
        check_pages(cache, lengths, 4, 4, f"of 4 tokens each, for {lengths} tokens")


@exercise("inference.PagedCache")
def test_the_mask_of_pages(student, rng, some_sizes):
    """A token sees the slots up to its own; there are as many as the longest row's pages have."""
    for page, n_new in [(1, 1), (4, 1), (4, 3), (5, 2)]:
        config = student.models.DecoderConfig(**some_sizes())
        cache = student.inference.PagedCache(config, 3, 60, page)
        first = rng.sample(range(1, 12), 3)
        cache.start(max(first), first)
        cache.finish()
        _, mask = cache.start(n_new)
        n_slots = -(-(max(first) + n_new) // page) * page
        own = torch.tensor(first)[:, None] + torch.arange(n_new)
        expected = own[:, None, :, None] >= torch.arange(n_slots)
        given = f"the mask of {n_new} new tokens after {first}, in pages of {page}"
        expect(mask, expected, given=given)


# --- quantize_int8 ----------------------------------------------------------------------------

# Codes · step may miss half a step by some roundings of numbers up to 127 steps.
ROUNDINGS = {torch.float64: 512 * 2**-52, torch.float32: 512 * 2**-23}


def some_vectors(rng, dtype):
    """From one number to batches of several axes, and of very different sizes."""
    for shape in [(1,), (3,), (1, 1), (2, 5), (3, 1, 4), (2, 3, 4, 7)]:
        x = normal(rng, *shape)
        yield (x * 10.0 ** normal(rng, *shape[:-1], 1).mul(3).round()).to(dtype)


@exercise("inference.quantize_int8", weight=2)
def test_codes_stand_for_what_they_came_from(student, rng):
    """Codes times step are never further than half a step from the number."""
    for dtype, roundings in ROUNDINGS.items():
        for x in some_vectors(rng, dtype):
            codes, step = student.inference.quantize_int8(x)
            expect([str(codes.dtype), str(step.dtype)], ["torch.int8", str(dtype)])
            expect([list(codes.shape), list(step.shape)], [[*x.shape], [*x.shape[:-1], 1]])
            off = (codes.double() * step.double() - x.double()).abs() / step.double()
            given = f"how many steps off codes are for {x.dtype} of shape {tuple(x.shape)}"
            most = off.max().item()
            expect_that(most <= 0.5 + roundings, expected="at most 0.5", got=most, given=given)


@exercise("inference.quantize_int8", weight=2)
def test_the_step_fits_the_vector(student, rng):
    """Each vector has its own step: its number of largest magnitude becomes 127 or -127."""
    for dtype, roundings in ROUNDINGS.items():
        for x in some_vectors(rng, dtype):
            codes, step = student.inference.quantize_int8(x)
            expected = x.double().abs().amax(-1, keepdim=True) / 127
            ratio = step.double() / expected
            expect(ratio, torch.ones_like(ratio), given="steps, to those due", tolerance=roundings)
            top = codes.long().abs().amax(-1)
            expect(top, torch.full_like(top, 127), given="the largest magnitudes of codes")


@exercise("inference.quantize_int8")
def test_codes_are_the_nearest(student, rng):
    """No other code is nearer, for positive and for negative numbers."""
    for dtype in ROUNDINGS:
        x = torch.empty(4, 1000, dtype=torch.float64).uniform_(
            -1, 1, generator=torch.Generator().manual_seed(rng.getrandbits(31))
        )
        x[:, 0] = torch.tensor([1.0, -1.0, 1.0, -1.0])
        # Halves between two codes may go either way, so they are taken out.
        exact = x * 127
        x = ((exact.round() + (exact - exact.round()) * 0.99) / 127).to(dtype)
        codes, _ = student.inference.quantize_int8(x)
        expect(codes, exact.round().to(torch.int8))
        codes, _ = student.inference.quantize_int8(-x)
        expect(codes, (-exact).round().to(torch.int8))


@exercise("inference.quantize_int8")
def test_zeros_stay_zeros(student, rng):
    """A vector of zeros has codes of zero and a step of zero, without harm to its neighbours."""
    for dtype in ROUNDINGS:
        x = normal(rng, 2, 3, 5, dtype=dtype)
        x[0, 1] = x[1, 2] = 0.0
        codes, step = student.inference.quantize_int8(x)
        expect(codes[0, 1], torch.zeros(5, dtype=torch.int8), given="the codes of zeros")
        expect(step[1, 2], torch.zeros(1, dtype=dtype), given="the step of zeros")
        largest = codes.long().abs().amax(-1)
        expected = torch.tensor([[127, 0, 127], [127, 127, 0]])
        expect(largest, expected, given="the largest magnitudes of codes, two vectors being zero")


@exercise("inference.quantize_int8")
def test_vectors_do_not_know_each_other(student, rng):
    """A vector has the same codes alone and beside others; more volume is more step only."""
    x = normal(rng, 3, 4, 6)
    codes, step = student.inference.quantize_int8(x)
    largest = codes.long().abs().amax(-1)
    expect(largest, torch.full((3, 4), 127), given="the largest magnitudes of codes")
    for b in range(3):
        alone = student.inference.quantize_int8(x[b, 1])
        expect(list(alone), [codes[b, 1], step[b, 1]], tolerance=1e-14)
    louder = student.inference.quantize_int8(x * 2.0**40)
    expect(list(louder), [codes, step * 2.0**40], given="of 2⁴⁰ times the numbers")
    empty = student.inference.quantize_int8(x[:0])
    expect([list(part.shape) for part in empty], [[0, 4, 6], [0, 4, 1]])


# --- QuantizedCache ---------------------------------------------------------------------------


def rounded(x):
    """Each vector in steps of 1/127 of its largest magnitude."""
    step = x.abs().amax(-1, keepdim=True) / 127
    return (x / step).round() * step


def int8_cache(both, n_rows, capacity):
    return both.student.inference.QuantizedCache(both.config, n_rows, capacity, torch.float64)


@exercise("inference.QuantizedCache", weight=2)
def test_int8_rounds_keys_and_values_and_nothing_else(pair):
    """The logits are those of a decoder that rounds each key and each value, at every step."""
    for n_rows, prompt, n_steps in [(1, 1, 2), (1, 3, 4), (3, 5, 6)]:
        both = pair()
        cache = int8_cache(both, n_rows, prompt + n_steps)
        texts = [both.text(prompt + n_steps) for _ in range(n_rows)]
        both.follow(cache, texts, [prompt] + [1] * n_steps, rounded)


@exercise("inference.QuantizedCache", weight=2)
def test_int8_with_rows_of_different_lengths(pair, schedules):
    """Prompts of different lengths, and texts in pieces, in every row its own, or none at all."""
    both = pair()
    texts = [both.text(length + 5) for length in (4, 1, 7)]
    both.follow(int8_cache(both, 3, 12), texts, [(4, 1, 7)] + [1] * 5, rounded)
    for window in (None, 3):
        both = pair(window=window)
        lengths, schedule = schedules(3, 6)
        texts = [both.text(length) for length in lengths]
        both.follow(int8_cache(both, 3, 40), texts, schedule, rounded)


@exercise("inference.QuantizedCache", weight=2)
def test_int8_is_never_off_by_more_than_half_a_step(student, rng, some_sizes, schedules):
    """A key comes back within half of 1/127 of its own largest magnitude, in its own dtype."""
    for dtype, roundings in ROUNDINGS.items():
        for n_rows in (1, 3):
            sizes = some_sizes()
            config = student.models.DecoderConfig(**sizes)
            cache = student.inference.QuantizedCache(config, n_rows, 40, dtype)
            truth = Truth(rng, sizes, n_rows, dtype)
            # Heads and tokens differ in size by orders of magnitude.
            for counts in schedules(n_rows, 4)[1]:
                found = {}
                truth.feed(cache, counts, lambda layer, k, v, f=found: f.update({layer: (k, v)}))
                for layer, b in truth.kept:
                    if not truth.length(b):
                        continue
                    got = torch.stack([part[b, :, : truth.length(b)] for part in found[layer]])
                    expect(str(got.dtype), str(dtype), given="the dtype of what update returns")
                    due = truth.row(layer, b).double()
                    steps = due.abs().amax(-1, keepdim=True) / 127
                    most = ((got.double() - due) / steps).abs().max().item()
                    given = f"how many steps keys and values of row {b} are off after {counts} more"
                    holds = most <= 0.5 + roundings
                    expect_that(holds, expected="at most 0.5", got=most, given=given)


@exercise("inference.QuantizedCache")
def test_int8_keeps_codes_and_steps(student, rng, some_sizes, schedules):
    """Codes in 8 bits and a step for each token and head are kept, in the slots of their tokens."""
    for n_rows in (1, 2, 3):
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.QuantizedCache(config, n_rows, 40, torch.float64)
        truth = Truth(rng, sizes, n_rows)
        for counts in schedules(n_rows, 4)[1]:
            truth.feed(cache, counts)
        names = ("keys", "values", "key_steps", "value_steps")
        keys, values, key_steps, value_steps = (read(cache, name) for name in names)
        layout = [sizes["n_layers"], n_rows, sizes["n_kv_heads"], 40]
        expect([str(keys.dtype), list(keys.shape)], ["torch.int8", [*layout, sizes["head_width"]]])
        expect([str(key_steps.dtype), list(key_steps.shape)], ["torch.float64", [*layout, 1]])
        for layer, b in truth.kept:
            if not (length := truth.length(b)):
                continue
            due = truth.row(layer, b)
            steps = torch.stack([key_steps[layer, b], value_steps[layer, b]])[:, :, :length]
            expected = due.abs().amax(-1, keepdim=True) / 127
            given = f"the steps of row {b} in layer {layer}"
            expect(steps, expected, given=given, tolerance=1e-12)
            codes = torch.stack([keys[layer, b], values[layer, b]])[:, :, :length]
            given = f"the codes of row {b} in layer {layer}"
            expect(codes, (due / expected).round().to(torch.int8), given=given)


@exercise("inference.QuantizedCache")
def test_int8_takes_a_byte_a_number(student, rng, some_sizes):
    """The memory is one byte a number and one step a token and head, before and after use."""
    for dtype, size in ((torch.float32, 4), (torch.bfloat16, 2)):
        sizes = some_sizes()
        config = student.models.DecoderConfig(**sizes)
        cache = student.inference.QuantizedCache(config, 2, 30, dtype)
        vectors = 2 * sizes["n_layers"] * 2 * 30 * sizes["n_kv_heads"]
        for counts in ([4, 2], [1, 1]):
            Truth(rng, sizes, 2, dtype).feed(cache, counts)
            expected = vectors * (sizes["head_width"] + size)
            expect(read(cache, "n_bytes"), expected, given=f"bytes of a cache with {dtype} steps")


@exercise("inference.QuantizedCache")
def test_int8_is_near_the_truth(pair):
    """With gentle weights the most probable tokens are those without a cache, nearly always."""
    both = pair(tied=False)
    # Half as large, so that attention is not a choice of one key, which a rounding can turn over.
    both.oracle.weights |= {n: w / 2 for n, w in both.oracle.weights.items() if "in_proj" in n}
    both.model.load_state_dict(both.oracle.weights)
    texts = [both.text(20) for _ in range(4)]
    with torch.no_grad():
        got = both.model(torch.tensor(texts), int8_cache(both, 4, 20))
    expected = torch.stack([both.oracle.logits(text) for text in texts])
    off = (got - expected).abs().max() / expected.abs().max()
    given = "the largest error of logits, relative to the largest"
    expect_that(0 < off < 0.1, expected="more than 0, less than 0.1", got=off.item(), given=given)
