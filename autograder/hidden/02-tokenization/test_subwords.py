"""WordPiece, Unigram, and the file that other libraries read."""

import json
import math
from collections import Counter

from tokenizers import AddedToken, Tokenizer, models

from autograder.testing import complaint, exercise, expect, expect_that

# --- wordpiece --------------------------------------------------------------------------------


def some_pieces(rng, letters, n):
    """Beginnings and continuations, some of them many letters long."""
    pieces = set()
    for _ in range(n):
        piece = "".join(rng.choices(letters, k=rng.choice((1, 1, 2, 3, 5))))
        pieces.add(rng.choice(("", "##")) + piece)
    return pieces


@exercise("tokenizers.wordpiece", weight=3)
def test_cuts_like_hugging_face(student, rng):
    """The pieces are those of the WordPiece model in `tokenizers`, unknown words too."""
    for letters, n in (("ab", 4), ("abc", 12), ("ab长é#", 30)):
        pieces = some_pieces(rng, letters, n)
        numbers = {piece: number for number, piece in enumerate(["<unk>", *sorted(pieces)])}
        theirs = Tokenizer(models.WordPiece(numbers, unk_token="<unk>"))
        for length in (1, 2, 3, 4, 6, 9, 15):
            word = "".join(rng.choices(letters, k=length))
            expected = theirs.encode(word).tokens
            expect(student.tokenizers.wordpiece(word, pieces, "<unk>"), expected)


@exercise("tokenizers.wordpiece", weight=2)
def test_the_longest_piece_is_taken(student, rng):
    """At each place the longest piece that fits is taken, though shorter ones fit too."""
    for n in (2, 4, 7):
        a, b = rng.sample("xyzäß词", 2)
        pieces = {a * k for k in range(1, n)} | {"##" + a * k for k in range(1, n)} | {"##" + b}
        expect(student.tokenizers.wordpiece(a * n, pieces), [a * (n - 1), "##" + a])
        word = a * (2 * n - 2) + b
        expect(
            student.tokenizers.wordpiece(word, pieces),
            [a * (n - 1), "##" + a * (n - 1), "##" + b],
        )


@exercise("tokenizers.wordpiece")
def test_pieces_are_taken_from_the_left(student, rng):
    """A longer piece further right has to take what is left."""
    for n in (2, 5):
        a, b, c = rng.sample("fghijk", 3)
        pieces = {a, a + b, "##" + b + c * n, "##" + c}
        expected = [a + b, *["##" + c] * n]
        expect(student.tokenizers.wordpiece(a + b + c * n, pieces), expected)


@exercise("tokenizers.wordpiece", weight=2)
def test_there_is_no_way_back(student, rng):
    """Where the longest piece leads to nothing, the whole word is unknown."""
    for n in (1, 3):
        a, b, c = rng.sample("uvwxyz", 3)
        pieces = {a, a + b, "##" + b, "##" + b + c, "##" + a}
        expect(
            student.tokenizers.wordpiece(a * n + b + c, pieces - {a + b}),
            [a, *["##" + a] * (n - 1), "##" + b + c],
        )
        for word in (a + b + c, c + a, a + c + b, a + a + b + a + c):
            expect(student.tokenizers.wordpiece(word, pieces), ["[UNK]"])


@exercise("tokenizers.wordpiece")
def test_signs_mark_what_goes_on(student, rng):
    """A piece with ## cannot begin a word, one without cannot go on."""
    for n in (1, 4):
        a = rng.choice("pqrst")
        expect(student.tokenizers.wordpiece(a * n, {"##" + a}, "?"), ["?"])
        expect(student.tokenizers.wordpiece(a * (n + 1), {a, a * 9}, "?"), ["?"])
        expect(
            student.tokenizers.wordpiece("###" + a, {"#", "###", "##" + a}, "?"),
            ["###", "##" + a],
        )
    expect(student.tokenizers.wordpiece("", {"a"}), [])


@exercise("tokenizers.wordpiece")
def test_very_long_words_are_unknown(student, rng):
    """A word of more than max_characters is unknown, one of as many is not."""
    for most in (1, 5, 100):
        a = rng.choice("kmn")
        pieces = {a, "##" + a}
        whole = [a, *["##" + a] * (most - 1)]
        more = {} if most == 100 else {"max_characters": most}
        expect(student.tokenizers.wordpiece(a * most, pieces, "[UNK]", **more), whole)
        expect(student.tokenizers.wordpiece(a * (most + 1), pieces, "[UNK]", **more), ["[UNK]"])


# --- unigram_segment --------------------------------------------------------------------------


def ways(text):
    """All ways to cut a text."""
    if not text:
        yield []
    for end in range(1, len(text) + 1):
        for rest in ways(text[end:]):
            yield [text[:end], *rest]


def some_logprobs(rng, letters, n, longest=4):
    """Pieces with random log-probabilities; each of the letters is a piece."""
    pieces = set(letters)
    while len(pieces) < n:
        pieces.add("".join(rng.choices(letters, k=rng.randint(2, longest))))
    return {piece: -rng.uniform(1, 9) for piece in sorted(pieces)}


def price(pieces, logprobs):
    """ln P of a way to cut; a character that is no piece costs 10 more than the dearest piece."""
    unknown = min(logprobs.values()) - 10
    return math.fsum(
        logprobs.get(piece, unknown if len(piece) == 1 else -math.inf) for piece in pieces
    )


def check_segment(student, text, logprobs, best):
    """The pieces are the text, and their price is the best."""
    found = student.tokenizers.unigram_segment(text, logprobs)
    expect("".join(found), text, given=f"the pieces of {text!r}, joined")
    expect(price(found, logprobs), best, given=f"ln P of {found}, a way to cut {text!r}")


@exercise("tokenizers.unigram_segment", weight=3)
def test_no_way_to_cut_is_better(student, rng):
    """Of all ways to cut a short text none is more probable."""
    for n, letters in ((1, "a"), (2, "ab"), (5, "ab"), (8, "abc"), (10, "a长é")):
        logprobs = some_logprobs(rng, letters, n + 2, 5)
        text = "".join(rng.choices(letters, k=n))
        best = max(price(pieces, logprobs) for pieces in ways(text))
        check_segment(student, text, logprobs, best)


@exercise("tokenizers.unigram_segment", weight=2)
def test_long_texts_are_cut_like_hugging_face(student, rng):
    """Long texts are cut as well as by the Unigram model in `tokenizers`."""
    for n in (5, 40, 300):
        logprobs = some_logprobs(rng, "abcd语", 60, 7)
        model = models.Unigram([("<unk>", -99.0), *logprobs.items()], 0)
        text = "".join(rng.choices("abcd语", k=n))
        pieces = Tokenizer(model).encode(text).tokens
        check_segment(student, text, logprobs, price(pieces, logprobs))


@exercise("tokenizers.unigram_segment", weight=2)
def test_unknown_characters_stand_alone(student, rng):
    """A character that is no piece costs 10 nats more than the least probable piece."""
    for n in (1, 4, 8):
        logprobs = some_logprobs(rng, "ab", 8)
        del logprobs["b"]
        text = "".join(rng.choices("abx语", k=n)) + "b"
        best = max(price(pieces, logprobs) for pieces in ways(text))
        check_segment(student, text, logprobs, best)
    expect(student.tokenizers.unigram_segment("xyx", {"ab": -1.0}), ["x", "y", "x"])
    # cb a against an unknown c, which costs 60 here, and ba: 60.5 against 61, then 61.5 against 61.
    for known, expected in ((-11.5, ["cb", "a"]), (-12.5, ["c", "ba"])):
        logprobs = {"cb": -49.0, "a": known, "ba": -1.0, "z": -50.0}
        expect(student.tokenizers.unigram_segment("cba", logprobs), expected)
    logprobs = {"aaaa": -1.0, "ba": -60.0, "aaa": -80.0}
    expect(student.tokenizers.unigram_segment("baaaa", logprobs), ["b", "aaaa"])


@exercise("tokenizers.unigram_segment")
def test_pieces_may_be_long(student, rng):
    """A piece may be as long as the text, and probabilities that underflow are no problem."""
    for n in (1, 30, 2000):
        text = "".join(rng.choices("ab", k=n)) + "c"
        expect(
            student.tokenizers.unigram_segment(text, {"a": -1.0, "b": -1.5, "c": -1.0, text: -0.5}),
            [text],
        )
        logprobs = {"a": -3.0, "b": -4.0, "c": -2.0}
        expect(student.tokenizers.unigram_segment(text, logprobs), list(text))
    expect(student.tokenizers.unigram_segment("", {"a": -1.0}), [])


# --- unigram_em_step --------------------------------------------------------------------------


def em_step(word_counts, logprobs):
    """The same by listing all ways to cut."""
    expected = Counter()
    for word, count in word_counts.items():
        known = [way for way in ways(word) if all(piece in logprobs for piece in way)]
        weights = [math.exp(math.fsum(logprobs[piece] for piece in way)) for way in known]
        for way, weight in zip(known, weights, strict=True):
            for piece in way:
                expected[piece] += count * weight / sum(weights)
    total = math.log(sum(expected.values()))
    return {piece: math.log(value) - total for piece, value in expected.items()}


def normalised(logprobs):
    total = math.log(sum(map(math.exp, logprobs.values())))
    return {piece: value - total for piece, value in logprobs.items()}


def some_words(rng, letters, n, longest):
    words = {"".join(rng.choices(letters, k=rng.randint(1, longest))) for _ in range(n)}
    return {word: rng.randint(1, 9) for word in sorted(words)}


@exercise("tokenizers.unigram_em_step", weight=3)
def test_all_ways_to_cut_count(student, rng):
    """The new probabilities are those that listing all ways to cut gives."""
    for n, letters in ((1, "a"), (2, "ab"), (6, "ab"), (10, "abc语")):
        logprobs = normalised(some_logprobs(rng, letters, n + 3, 4))
        words = some_words(rng, letters, n, 7)
        expect(student.tokenizers.unigram_em_step(words, logprobs), em_step(words, logprobs))


@exercise("tokenizers.unigram_em_step")
def test_pieces_that_are_never_used_are_left_out(student, rng):
    """A piece that no word holds, or that leaves a rest that is no piece, is not in the answer."""
    for n in (1, 5):
        logprobs = normalised({"a": -1.0, "aa": -2.0, "ba": -1.5, "b": -3.0, "xa": -1.0})
        words = {"a" * n: rng.randint(1, 5), "a" * n + "bxa": 2}
        expect(student.tokenizers.unigram_em_step(words, logprobs), em_step(words, logprobs))
        del logprobs["b"]
        words = {"a" * n: 3, "aba" * n: 1}  # aa cannot stand before a b
        expect(student.tokenizers.unigram_em_step(words, logprobs), em_step(words, logprobs))


@exercise("tokenizers.unigram_em_step", weight=2)
def test_words_never_become_less_probable(student, rng):
    """Step after step the probability of the words grows, and the pieces' sums to 1."""
    for n in (3, 12):
        logprobs = normalised(some_logprobs(rng, "abc", 12))
        words = some_words(rng, "abc", n, 6)

        def likelihood(logprobs, words=words):
            return math.fsum(
                count
                * math.log(
                    math.fsum(
                        math.exp(price(w, logprobs))
                        for w in ways(word)
                        if all(p in logprobs for p in w)
                    )
                )
                for word, count in words.items()
            )

        before = likelihood(logprobs)
        for _ in range(3):
            logprobs = student.tokenizers.unigram_em_step(words, logprobs)
            expect(math.fsum(map(math.exp, logprobs.values())), 1.0, given="the sum of P")
            after = likelihood(logprobs)
            grows = after >= before - 1e-9 * abs(before)
            expect_that(grows, expected=f"at least {before:.6f} nats", got=after)
            before = after


@exercise("tokenizers.unigram_em_step", weight=2)
def test_long_words_do_not_underflow(student, rng):
    """A word of 2000 letters has a probability that no float can hold."""
    for n in (3, 2000):
        logprobs = {"a": math.log(0.25), "b": math.log(0.75)}
        words = {"a" * n + "b" * n: 2, "b": n}
        after = {"a": math.log(2 * n / (5 * n)), "b": math.log(3 * n / (5 * n))}
        expect(student.tokenizers.unigram_em_step(words, logprobs), after)


@exercise("tokenizers.unigram_em_step")
def test_a_word_that_cannot_be_cut_is_refused(student, rng):
    """A word that the pieces do not make is a ValueError that names it."""
    for word in ("x", "ax", "xa", "aab", "ba" * 3):
        logprobs = {"a": -1.0, "ab": -1.0} if "b" not in word or word == "ba" * 3 else {"a": -0.5}
        message = complaint(
            lambda word=word, p=logprobs: student.tokenizers.unigram_em_step({"aa": 2, word: 1}, p)
        )
        fine = message is not None and word in message
        expect_that(fine, expected=f"a ValueError that names {word!r}", got=message)
    expect(student.tokenizers.unigram_em_step({"aa": 2}, {"a": -1.0}), {"a": 0.0})


# --- to_tokenizer_json ------------------------------------------------------------------------

BYTE_LEVEL = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": True,
    "use_regex": True,
}


def contents(text):
    """The parts of the file: tokens by id, merges, special tokens by id; all else is checked."""
    expect_that(isinstance(text, str), expected="text", got=text)
    try:
        file = json.loads(text)
        model, added = file["model"], file["added_tokens"]
        parts = model["vocab"], model["merges"], {a["content"]: a["id"] for a in added}
        flags = [
            (a["special"], a["single_word"], a["lstrip"], a["rstrip"], a["normalized"])
            for a in added
        ]
        kinds = file["version"], model["type"], file["pre_tokenizer"], file["decoder"]["type"]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        expect_that(False, expected="a JSON object with the keys of the docstring", got=text)
    expect(
        kinds, ("1.0", "BPE", BYTE_LEVEL, "ByteLevel"), given="version, type and steps of the file"
    )
    expect(
        flags, [(True, False, False, False, False)] * len(flags), given="the added tokens' flags"
    )
    return parts


def loaded(text):
    """`tokenizers` with what is in the file, if the file holds together."""
    vocabulary, merges, special = contents(text)
    whole = isinstance(vocabulary, dict) and isinstance(merges, list)
    for pair in merges if whole else ():
        texts = isinstance(pair, list) and len(pair) == 2 and all(isinstance(t, str) for t in pair)
        whole = whole and texts and {*pair, "".join(pair)} <= vocabulary.keys()
    whole = whole and sorted(map(str, vocabulary.values())) == sorted(
        map(str, range(len(vocabulary)))
    )
    expect_that(whole, expected="merges of two tokens of the vocabulary", got=merges)
    model = {"type": "BPE", "vocab": vocabulary, "merges": merges}
    tokenizer = Tokenizer.from_str(
        json.dumps(
            {
                "version": "1.0",
                "added_tokens": [],
                "pre_tokenizer": BYTE_LEVEL,
                "decoder": BYTE_LEVEL,
                "model": model,
            }
        )
    )
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in special])
    return tokenizer


@exercise("tokenizers.to_tokenizer_json", weight=3)
def test_hugging_face_encodes_the_same(student, oracle):
    """`tokenizers` reads the file, and its ids are those of tiktoken with the same merges."""
    for n in (1, 20, 80):
        words = oracle.text(8 * n).split()
        merges = oracle.learned({word.encode(): 1 for word in words}, 2 * n)
        theirs = loaded(student.tokenizers.to_tokenizer_json(merges))
        for text in (oracle.text(n), oracle.any_text(n), " ".join(words), "\x00\x7f\xa0\xad é长"):
            ids = theirs.encode(text).ids
            expect(ids, oracle.openai(merges).encode_ordinary(text), given=f"{text!r} in the file")
            expect(theirs.decode(ids), text, given=f"{text!r} in the file, decoded")


@exercise("tokenizers.to_tokenizer_json", weight=2)
def test_bytes_are_characters_that_can_be_seen(student, oracle):
    """The vocabulary is that of Hugging Face's own: each byte has its character."""
    seen = {b for a, z in ((33, 126), (161, 172), (174, 255)) for b in range(a, z + 1)}
    hidden = sorted(set(range(256)) - seen)
    sign = {b: chr(b) if b in seen else chr(256 + hidden.index(b)) for b in range(256)}
    for n in (0, 30):
        merges = oracle.learned(oracle.word_counts(n, bytes(range(256))), n)
        expected = {"".join(sign[b] for b in t): i for i, t in oracle.tokens(merges).items()}
        vocabulary, _, _ = contents(student.tokenizers.to_tokenizer_json(merges))
        expect(vocabulary, expected, given="the vocabulary in the file")


@exercise("tokenizers.to_tokenizer_json", weight=2)
def test_special_tokens_have_their_ids(student, rng, oracle):
    """Special tokens come after the merges, are found in a text, and can be left out again."""
    for n in (0, 1, 3):
        names = rng.sample(["<|endoftext|>", "[SEP]", "<s>", "长"], n)
        merges = oracle.learned(oracle.word_counts(4), 3)
        text = student.tokenizers.to_tokenizer_json(merges, names)
        ids = {name: number for number, name in enumerate(names, start=256 + len(merges))}
        expect(contents(text)[2], ids, given="the ids of the special tokens in the file")
        theirs, openai = loaded(text), oracle.openai(merges, names)
        for name in names:
            both = f"ab{name} a"
            expect(theirs.encode(both).ids, openai.encode(both, allowed_special="all"))


@exercise("tokenizers.to_tokenizer_json")
def test_merges_keep_their_order(student, oracle):
    """The merges of the file are in the order of learning, as pairs of tokens."""
    for n in (1, 12, 60):
        merges = oracle.learned(oracle.word_counts(n, b"abc"), n)
        table = oracle.tokens(merges)
        expected = [[table[left].decode(), table[right].decode()] for left, right in merges]
        _, found, _ = contents(student.tokenizers.to_tokenizer_json(merges))
        expect(found, expected, given="the merges in the file")
