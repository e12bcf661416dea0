"""Fast training and encoding, and the tokenizer that is made of all this."""

from base64 import b64encode
from itertools import pairwise

import regex

from autograder.testing import complaint, exercise, expect, expect_that


def merged(ids, pair, new_id):
    """The ids with the pair replaced, from left to right."""
    text = "".join(map(chr, ids)).replace("".join(map(chr, pair)), chr(new_id))
    return [ord(character) for character in text]


# --- train_bpe_fast ---------------------------------------------------------------------------


@exercise("tokenizers.train_bpe_fast", weight=3)
def test_learns_what_hugging_face_learns(student, oracle):
    """The merges are those of the `tokenizers` library, ties included."""
    for n, letters, longest in (
        (1, b"ab", 4),
        (5, b"ab", 6),
        (30, b"abc", 9),
        (60, b"\x00az\xff ", 12),
        (150, b"abcdefgh", 20),
    ):
        counts = oracle.word_counts(n, letters, longest)
        for n_merges in (0, 1, 7, 200):
            expected = oracle.learned(counts, n_merges)
            expect(student.tokenizers.train_bpe_fast(counts, n_merges), expected)


@exercise("tokenizers.train_bpe_fast", weight=2)
def test_runs_and_repeats_are_counted_right(student, rng, oracle):
    """Words full of runs and repeated pairs, where neighbours of a merge merge too."""
    for n in (1, 2, 6):
        a, b, c = rng.sample(range(256), 3)
        words = [bytes([a, b] * k) for k in range(1, n + 2)]
        words += [bytes([a] * k) for k in range(1, 3 * n + 2)]
        words += [bytes([a, a, b, b] * k + [c]) for k in range(1, n + 1)]
        words += [bytes([c, a] * k + [a] * k) for k in range(1, n + 1)]
        counts = {word: rng.randint(1, 5) for word in words}
        for n_merges in (2, 5, 300):
            expected = oracle.learned(counts, n_merges)
            expect(student.tokenizers.train_bpe_fast(counts, n_merges), expected)


@exercise("tokenizers.train_bpe_fast")
def test_ties_go_to_the_lowest_pair(student, rng):
    """All pairs occur equally often: the lowest left id wins, then the lowest right id."""
    for n in (2, 3, 6):
        letters = rng.sample(range(256), 2 * n)
        words = [bytes(letters[2 * i : 2 * i + 2]) for i in range(n)]
        words += [bytes([letters[0], letters[3]])]
        counts = dict.fromkeys(rng.sample(words, len(words)), 3)
        order = sorted(tuple(word) for word in words)
        expected = {pair: 256 + number for number, pair in enumerate(order)}
        expect(student.tokenizers.train_bpe_fast(counts, len(order)), expected)


@exercise("tokenizers.train_bpe_fast")
def test_stops_when_words_are_whole(student, rng):
    """More merges than there are pairs: each word ends as one token, and that is all."""
    for n in (0, 1, 5):
        letters = rng.sample(range(256), 3 * n)
        counts = {bytes(letters[3 * i : 3 * i + 3]): 2 for i in range(n)} | {b"": 3, b"q": 1}
        merges = student.tokenizers.train_bpe_fast(counts, 100)
        expect(sorted(merges.values()), list(range(256, 256 + 2 * n)))


@exercise("tokenizers.train_bpe_fast", weight=3)
def test_visits_only_the_words_that_hold_the_pair(student, oracle):
    """Word counts are added or subtracted at most twice for each token of a word that changes."""
    for n, n_merges in ((20, 10), (250, 120)):
        counts = oracle.word_counts(n, b"abcdefghijkl", 8)
        words = [list(word) for word in counts]
        allowed = sum(max(0, len(word) - 1) for word in words)
        merges = oracle.learned(counts, n_merges)
        for pair, new_id in merges.items():
            for number, word in enumerate(words):
                if pair in pairwise(word):
                    allowed += 2 * len(word)
                    words[number] = merged(word, pair, new_id)
        counting = student.support.WordCounts(counts)
        expect(student.tokenizers.train_bpe_fast(counting, n_merges), merges)
        used = counting.used()
        text = f"at most {allowed} additions of word counts"
        given = f"{len(counts)} words and {n_merges} merges"
        expect_that(used <= allowed, expected=text, got=used, given=given)


# --- encode_fast ------------------------------------------------------------------------------


@exercise("tokenizers.encode_fast", weight=3)
def test_encodes_like_tiktoken(student, rng, oracle):
    """With the same merges the ids are those of tiktoken, for short and for long words."""
    for n, letters in ((4, b"ab"), (20, b"abc"), (60, b"abcde\xe9\x00")):
        merges = oracle.learned(oracle.word_counts(n, letters), 60)
        theirs = oracle.openai(merges)
        for length in (1, 2, 3, 5, 9, 30, 400):
            word = bytes(rng.choices(letters, k=length))
            expected = theirs._encode_single_piece(word)
            expect(student.tokenizers.encode_fast(word, merges), expected)


@exercise("tokenizers.encode_fast")
def test_runs_are_merged_from_the_left(student, rng):
    """In runs places overlap: each byte is in one token, and an odd one is left at the end."""
    a, b = rng.sample(range(256), 2)
    merges = {(a, a): 256, (256, 256): 257, (257, b): 258}
    for n in range(1, 14):
        ids = [257] * (n // 4) + [[], [a], [256], [256, a]][n % 4]
        expected = [*ids, b] if n % 4 else [*ids[:-1], 258]
        expect(student.tokenizers.encode_fast(bytes([a] * n + [b]), merges), expected)


@exercise("tokenizers.encode_fast")
def test_the_earliest_merge_comes_first(student, rng):
    """Of two merges that overlap, that with the lower id is made, wherever it stands."""
    for _ in range(4):
        a, b, c = rng.sample(range(256), 3)
        word = bytes([a, b, c])
        expect(student.tokenizers.encode_fast(word, {(a, b): 256, (b, c): 257}), [256, c])
        expect(student.tokenizers.encode_fast(word, {(b, c): 256, (a, b): 257}), [a, 256])


@exercise("tokenizers.encode_fast")
def test_bytes_stay_bytes(student, rng):
    """Without a merge that fits, each byte is its own id; an empty word has none."""
    for n in (0, 1, 2, 40):
        word = bytes(rng.choices(range(256), k=n))
        expect(student.tokenizers.encode_fast(word, {}), list(word))


@exercise("tokenizers.encode_fast", weight=2)
def test_looks_few_pairs_up(student, rng, oracle):
    """For n bytes at most 3 n pairs are looked up in the merges (twice each, if need be)."""
    merges = oracle.learned(oracle.word_counts(500, b"abcdef", 20), 3200)
    for n in (10, 100, 400):
        word = bytes(rng.choices(b"abcdef", k=n))
        table = student.support.Table(merges)
        expect(
            student.tokenizers.encode_fast(word, table), oracle.openai(merges)._encode_bytes(word)
        )
        looked_up, _ = table.used()
        text = f"at most 2 · 3 · {n} look-ups"
        given = f"encode_fast of {n} bytes with {len(merges)} merges"
        expect_that(looked_up <= 6 * n, expected=text, got=looked_up, given=given)


@exercise("tokenizers.encode_fast", weight=2)
def test_compares_few_ids(student, rng, oracle):
    """Eight times as many bytes take at most 20 times as many comparisons of ids, not 64 times."""
    merges = oracle.learned(oracle.word_counts(60, b"abc", 12), 120)
    compared = []
    for n in (250, 2000):
        word = bytes(rng.choices(b"abc", k=n))
        table = student.support.Table(merges)
        expect(
            student.tokenizers.encode_fast(word, table), oracle.openai(merges)._encode_bytes(word)
        )
        compared.append(table.used()[1])
    given = "encode_fast of 250 and of 2000 bytes"
    few = compared[1] <= 20 * max(compared[0], 250)
    expect_that(few, expected=f"at most 20 · {compared[0]}", got=compared[1], given=given)


# --- BPETokenizer -----------------------------------------------------------------------------


def drawn(oracle, n=30, n_merges=150):
    """Merges that were learned from a text like those that are encoded."""
    text = " ".join(oracle.text(6) for _ in range(n))
    words = regex.findall(oracle.pattern, text)
    return oracle.learned({word.encode(): words.count(word) for word in words}, n_merges)


@exercise("tokenizers.BPETokenizer", weight=3)
def test_encodes_text_like_tiktoken(student, oracle):
    """The ids of any text are those of tiktoken with the same merges."""
    merges = drawn(oracle)
    tokenizer = student.tokenizers.BPETokenizer(merges)
    theirs = oracle.openai(merges)
    for n in (0, 1, 3, 10, 60, 400):
        for text in (oracle.text(n), oracle.any_text(n)):
            expect(tokenizer.encode(text), theirs.encode_ordinary(text))


@exercise("tokenizers.BPETokenizer", weight=2)
def test_every_text_comes_back(student, oracle):
    """Decoding what was encoded gives any Unicode text again."""
    merges = drawn(oracle, 10, 40)
    tokenizer = student.tokenizers.BPETokenizer(merges, ["<|endoftext|>"])
    for n in (0, 1, 2, 20, 200):
        text = oracle.any_text(n) + oracle.text(n) + "<|endoftext|>" * (n % 2)
        for special in (False, True):
            ids = tokenizer.encode(text, special)
            expect(tokenizer.decode(ids), text)
            known = all(isinstance(number, int) and 0 <= number <= 256 + 40 for number in ids)
            expect_that(known, expected="ids that are tokens", got=ids)


@exercise("tokenizers.BPETokenizer", weight=2)
def test_special_tokens_where_they_are_asked_for(student, rng, oracle):
    """With special=True each has its id, and the text between them is cut by itself."""
    merges = drawn(oracle)
    names = ["<|endoftext|>", "[SEP]", "<s>", "a+b", "。。"]
    for n in (1, 2, 5):
        some = rng.sample(names, n)
        tokenizer = student.tokenizers.BPETokenizer(merges, some)
        theirs = oracle.openai(merges, some)
        text = "".join(oracle.text(rng.randint(0, 5)) + rng.choice(some) for _ in range(6))
        text = some[0] + text + some[-1] + some[0] + " the end"
        expect(tokenizer.encode(text, special=True), theirs.encode(text, allowed_special="all"))
    expect(
        student.tokenizers.BPETokenizer(merges).encode("a+b", special=True),
        oracle.openai(merges).encode("a+b"),
    )


@exercise("tokenizers.BPETokenizer", weight=2)
def test_special_tokens_are_text_unless_asked_for(student, rng, oracle):
    """By default what strangers write is text: no special id appears."""
    merges = drawn(oracle)
    names = ["<|endoftext|>", "[SEP]", "s"]
    tokenizer = student.tokenizers.BPETokenizer(merges, names)
    for n in (0, 3, 12):
        text = oracle.text(n) + rng.choice(names) + oracle.text(n) + names[0] + "s"
        expect(tokenizer.encode(text), oracle.openai(merges).encode_ordinary(text))


@exercise("tokenizers.BPETokenizer")
def test_the_longest_special_token_wins(student, rng):
    """From left to right, where one special token begins another, the longest is taken."""
    for names in (["<a", "<a>", "<a>>"], ["<a>>", "<a>", "<a"], ["<a>", "<a>>", "<a"]):
        tokenizer = student.tokenizers.BPETokenizer({}, names)
        number = {name: 256 + i for i, name in enumerate(names)}
        parts = rng.choices([*names, "x", "y "], k=8)
        text = "x".join(parts)
        expected = []
        for i, part in enumerate(parts):
            expected += [*b"x"] * (i > 0) + ([number[part]] if part in number else [*part.encode()])
        expect(tokenizer.encode(text, special=True), expected)
    # What begins further left is taken, though a longer one overlaps it.
    for names in (["<a", "ab>>"], ["ab>>", "<a"]):
        tokenizer = student.tokenizers.BPETokenizer({}, names)
        expected = [256 + names.index("<a"), *b"b>>"]
        expect(tokenizer.encode("<ab>>", special=True), expected)


# --- read_ranks -------------------------------------------------------------------------------


def lines(oracle, merges):
    """A file of ranks, line by line."""
    table = oracle.tokens(merges)
    return [f"{b64encode(table[number]).decode()} {number}" for number in table]


@exercise("tokenizers.read_ranks", weight=3)
def test_pairs_are_found_again(student, oracle):
    """The merges are those that the tokens were made by."""
    for n, letters in ((1, b"ab"), (8, b"aab"), (60, b"abcde\xe9\x00 ")):
        for n_merges in (0, 1, 120):
            merges = oracle.learned(oracle.word_counts(n, letters), n_merges)
            expect(student.tokenizers.read_ranks("\n".join(lines(oracle, merges)) + "\n"), merges)


@exercise("tokenizers.read_ranks")
def test_lines_come_in_any_order(student, rng, oracle):
    """The number in the line counts, not its place; empty lines do not."""
    for n in (2, 20):
        merges = oracle.learned(oracle.word_counts(n), 30)
        text = "\n\n".join(rng.sample(lines(oracle, merges), 256 + len(merges)))
        expect(student.tokenizers.read_ranks(f"\n{text}"), merges)


@exercise("tokenizers.read_ranks")
def test_bytes_may_be_in_another_order(student, rng, oracle):
    """GPT-2 gives single bytes other ids; the longer tokens keep theirs."""
    for n in (3, 20):
        merges = oracle.learned(oracle.word_counts(n), 30)
        rows = lines(oracle, merges)
        tokens = [row.split()[0] for row in rows]
        tokens[:256] = rng.sample(tokens[:256], 256)
        text = "".join(f"{token} {number}\n" for number, token in enumerate(tokens))
        expect(student.tokenizers.read_ranks(text), merges)


@exercise("tokenizers.read_ranks", weight=2)
def test_a_file_that_is_not_whole_is_refused(student, rng, oracle):
    """A lost line, a byte that comes twice, or a token out of nothing is a ValueError."""
    merges = oracle.learned(oracle.word_counts(20), 20)
    whole = lines(oracle, merges)
    for n in (rng.randrange(256), rng.randrange(256), 256, 260):
        for text, named in (
            ("\n".join(whole[:n] + whole[n + 1 :]), str(n)),
            ("\n".join([*whole[:255], "YWI= 255", *whole[256:]]), "255"),
            ("\n".join([*whole[:9], "AA== 9", *whole[10:]]), "9"),
            ("\n".join([*whole, f"enp6enp6 {len(whole)}"]), str(len(whole))),
            ("\n".join(whole[:200]), ""),
        ):
            message = complaint(lambda text=text: student.tokenizers.read_ranks(text))
            expect_that(
                named in message if message else False,
                expected=f"a ValueError that names {named}" if named else "a ValueError",
                got=message,
            )
    expect(student.tokenizers.read_ranks("\n".join(whole)), merges)
