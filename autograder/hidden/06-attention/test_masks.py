"""Masks: every entry by its definition."""

import torch

from autograder.testing import exercise, expect, expect_that


def integers(rng, low, high, *shape):
    generator = torch.Generator().manual_seed(rng.getrandbits(31))
    return torch.randint(low, high + 1, shape, generator=generator)


def lengths_of(rng, n):
    """(queries, keys), from small to larger: some with as many queries as keys, most with fewer."""
    for size in range(1, n + 1):
        n_queries = rng.randint(1, size)
        yield n_queries, n_queries + rng.randint(0, size)


# --- causal_mask ------------------------------------------------------------------------------


@exercise("attention.causal_mask")
def test_as_many_queries_as_keys(student):
    """Of n tokens the first sees itself alone, and each later one sees one more."""
    for n in range(1, 9):
        rows = [[True] * (t + 1) + [False] * (n - t - 1) for t in range(n)]
        expect(student.attention.causal_mask(n, n), torch.tensor(rows))


@exercise("attention.causal_mask", weight=2)
def test_fewer_queries_than_keys(student, rng):
    """The last query stands at the last key, so it sees all; each earlier one sees one less."""
    for size in range(2, 12):
        n_keys = size + rng.randint(0, 3)
        n_queries = rng.randint(1, size - 1)
        seen = [n_keys - n_queries + t + 1 for t in range(n_queries)]
        rows = [[True] * n + [False] * (n_keys - n) for n in seen]
        expect(student.attention.causal_mask(n_queries, n_keys), torch.tensor(rows))


@exercise("attention.causal_mask")
def test_new_rows_are_the_last_rows(student, rng):
    """The mask of the newest queries is the bottom of the mask of all queries."""
    for n_keys in range(1, 10):
        n_queries = rng.randint(1, n_keys)
        whole = student.attention.causal_mask(n_keys, n_keys)
        expect(int(whole.sum()), n_keys * (n_keys + 1) // 2, given=f"the entries seen of {n_keys}²")
        expect(student.attention.causal_mask(n_queries, n_keys), whole[-n_queries:])


@exercise("attention.causal_mask")
def test_a_mask_says_true_where_a_query_may_attend(student, rng):
    """The mask is boolean, a row for each query and a column for each key, even without queries."""
    for n_queries, n_keys in [(1, 1), (0, 3), (0, 0), (rng.randint(2, 4), rng.randint(5, 7))]:
        got = student.attention.causal_mask(n_queries, n_keys)
        expect_that(torch.is_tensor(got), expected="a tensor", got=got)
        expect(list(got.shape), [n_queries, n_keys], given="the shape of the mask")
        expect(str(got.dtype), "torch.bool", given="the dtype of the mask")
        expect(got[:, :1], torch.ones(n_queries, min(n_keys, 1), dtype=torch.bool))
        hidden = torch.zeros(max(n_queries - 1, 0), min(n_keys, 1), dtype=torch.bool)
        expect(got[:-1, -1:], hidden, given="what all queries but the last see of the last key")


# --- attention_mask ---------------------------------------------------------------------------


def by_definition(
    n_queries, n_keys, causal=False, prefix=None, window=None, lengths=None, documents=None
):
    """Entry by entry, in plain Python."""
    sizes = [len(rule) for rule in (prefix, lengths, documents) if rule is not None]
    mask = torch.zeros(max(sizes, default=1), 1, n_queries, n_keys, dtype=torch.bool)
    for b in range(len(mask)):
        for row in range(n_queries):
            query = n_keys - n_queries + row
            for key in range(n_keys):
                in_prefix = prefix is not None and key < prefix[b]
                mask[b, 0, row, key] = not (
                    (causal and key > query and not in_prefix)
                    or (window is not None and abs(query - key) >= window)
                    or (lengths is not None and key >= lengths[b])
                    or (documents is not None and documents[b][key] != documents[b][query])
                )
    return mask


def check(student, n_queries, n_keys, **rules):
    expected = by_definition(n_queries, n_keys, **rules)
    expect(student.attention.attention_mask(n_queries, n_keys, **rules), expected)


def some_documents(rng, n_rows, n_keys):
    """Numbers that repeat, not sorted: the same document may come back."""
    return integers(rng, 0, 2, n_rows, n_keys) * 5 - 1


@exercise("attention.attention_mask")
def test_rules_without_a_batch(student, rng):
    """Causal or not, with or without a window: one mask for every row and every head."""
    for n_queries, n_keys in lengths_of(rng, 7):
        check(student, n_queries, n_keys)
        check(student, n_queries, n_keys, causal=True)
        for window in (1, 2, rng.randint(1, n_keys), n_keys + 1):
            check(student, n_queries, n_keys, window=window)
            check(student, n_queries, n_keys, window=window, causal=True)


@exercise("attention.attention_mask")
def test_a_prefix_is_read_in_both_directions(student, rng):
    """The first keys of each row are seen by all its queries, everything else stays causal."""
    for n_queries, n_keys in lengths_of(rng, 8):
        prefix = integers(rng, 0, n_keys, rng.randint(1, 4))
        check(student, n_queries, n_keys, causal=True, prefix=prefix)
        check(student, n_keys, n_keys, causal=True, prefix=prefix)


@exercise("attention.attention_mask")
def test_a_prefix_without_causal_changes_nothing(student, rng):
    """Where nothing hides the future the prefix has nothing to widen."""
    for n_queries, n_keys in lengths_of(rng, 5):
        prefix = integers(rng, 0, n_keys, 3)
        window = rng.randint(1, n_keys)
        got = student.attention.attention_mask(n_queries, n_keys, prefix=prefix, window=window)
        expected = by_definition(n_queries, n_keys, window=window)
        # With an axis for the batch or without: both say the same.
        expect(got, expected.expand(3, -1, -1, -1) if len(got) == 3 else expected)


@exercise("attention.attention_mask")
def test_padding_is_hidden_from_every_query(student, rng):
    """Each row has its own length, from nothing to all; queries in the padding are no exception."""
    for n_queries, n_keys in lengths_of(rng, 7):
        lengths = torch.cat([integers(rng, 0, n_keys, rng.randint(1, 3)), torch.tensor([n_keys])])
        check(student, n_queries, n_keys, lengths=lengths)
        check(student, n_queries, n_keys, lengths=lengths[:1], causal=True)


@exercise("attention.attention_mask")
def test_documents_do_not_see_each_other(student, rng):
    """A key is seen where it has the number of the query's own document."""
    for n_queries, n_keys in lengths_of(rng, 8):
        documents = some_documents(rng, rng.randint(1, 4), n_keys)
        check(student, n_queries, n_keys, documents=documents)
        check(student, n_queries, n_keys, documents=documents[:1], causal=True)


@exercise("attention.attention_mask", weight=2)
def test_every_rule_that_is_given_must_allow_a_key(student, rng):
    """Any combination of the rules: one that forbids is enough, and only causal is widened."""
    for n_queries, n_keys in lengths_of(rng, 16):
        n_rows = rng.randint(1, 3)
        rules = {
            "prefix": integers(rng, 0, n_keys, n_rows),
            "window": rng.randint(1, n_keys),
            "lengths": integers(rng, n_keys // 2, n_keys, n_rows),
            "documents": some_documents(rng, n_rows, n_keys),
        }
        check(student, n_queries, n_keys, causal=True, **rules)
        for left_out in rules:
            chosen = {name: rule for name, rule in rules.items() if name != left_out}
            check(student, n_queries, n_keys, causal=True, **chosen)


@exercise("attention.attention_mask")
def test_rows_of_a_batch_are_masked_on_their_own(student, rng):
    """A row's mask is the same alone as beside other rows."""
    for n_queries, n_keys in lengths_of(rng, 5):
        rules = {
            "prefix": integers(rng, 0, n_keys, 3),
            "lengths": integers(rng, 1, n_keys, 3),
            "documents": some_documents(rng, 3, n_keys),
        }
        attention_mask = student.attention.attention_mask
        whole = attention_mask(n_queries, n_keys, causal=True, **rules)
        expect(whole, by_definition(n_queries, n_keys, causal=True, **rules))
        for b in range(3):
            row = {name: rule[b : b + 1] for name, rule in rules.items()}
            expect(attention_mask(n_queries, n_keys, causal=True, **row), whole[b : b + 1])


@exercise("attention.attention_mask")
def test_nobody_asks_or_nothing_is_there(student, rng):
    """Without queries, or without any keys, the mask is empty but has its four axes."""
    n_keys = rng.randint(2, 5)
    check(student, 0, n_keys, causal=True, window=2)
    check(student, 0, 0)
    check(student, 0, n_keys, causal=True, lengths=integers(rng, 0, n_keys, 3))
    documents = some_documents(rng, 2, n_keys)
    check(student, 0, n_keys, documents=documents, prefix=integers(rng, 0, n_keys, 2), causal=True)
    check(student, 1, n_keys, documents=documents)
