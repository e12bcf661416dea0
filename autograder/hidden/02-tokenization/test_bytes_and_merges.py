"""Characters, words and merges."""

import regex
from tokenizers import pre_tokenizers

from autograder.testing import complaint, exercise, expect, expect_that

# --- CharTokenizer ----------------------------------------------------------------------------


@exercise("tokenizers.CharTokenizer", weight=2)
def test_characters_have_the_ids_of_their_order(student, rng, oracle):
    """Ids count the characters by code point, from 1; others are 0."""
    for n in (0, 1, 5, 60):
        text = oracle.text(n)
        tokenizer = student.tokenizers.CharTokenizer(text)
        order = sorted(set(text))
        other = oracle.text(n + 3) + text[::-1] + "\U0010ffff\x00"
        expected = [order.index(c) + 1 if c in order else 0 for c in other]
        expect(tokenizer.encode(other), expected)


@exercise("tokenizers.CharTokenizer", weight=2)
def test_known_text_comes_back(student, oracle):
    """Decoding what was encoded gives the text again, white space and all."""
    for n in (1, 2, 9, 80):
        text = oracle.any_text(n) + oracle.text(n)
        tokenizer = student.tokenizers.CharTokenizer(text)
        expect(tokenizer.decode(tokenizer.encode(text)), text)
        expect(tokenizer.decode(list(range(1, len(set(text)) + 1))), "".join(sorted(set(text))))


@exercise("tokenizers.CharTokenizer")
def test_unknown_characters_are_replaced(student, rng, oracle):
    """Each 0 becomes one U+FFFD, at its place."""
    for n in (1, 3, 20):
        text = oracle.text(n)
        tokenizer = student.tokenizers.CharTokenizer(text)
        order = ["\N{REPLACEMENT CHARACTER}", *sorted(set(text))]
        ids = [0, *rng.choices(range(len(order)), k=n), 0, 0]
        expect(tokenizer.decode(ids), "".join(order[number] for number in ids))
    expect(tokenizer.decode([]), "")
    expect(tokenizer.encode(""), [])


@exercise("tokenizers.CharTokenizer")
def test_ids_without_a_character_are_refused(student, rng, oracle):
    """An id below 0 or beyond the last is a ValueError that names it."""
    for n in (0, 1, 12):
        text = oracle.text(n)
        tokenizer = student.tokenizers.CharTokenizer(text)
        beyond = len(set(text)) + 1
        for wrong in (beyond, beyond + rng.randint(100, 200), -1, -beyond):
            ids = [0] * n + [wrong]
            message = complaint(lambda ids=ids, it=tokenizer: it.decode(ids))
            fine = message is not None and str(wrong) in message
            expect_that(fine, expected=f"a ValueError that names {wrong}", got=message)
        expect(tokenizer.decode([0] * n), "\N{REPLACEMENT CHARACTER}" * n)


# --- pretokenize ------------------------------------------------------------------------------


@exercise("tokenizers.pretokenize", weight=2)
def test_cuts_like_gpt2(student, oracle):
    """Any text is cut as tiktoken's pattern for GPT-2 cuts it."""
    for n in (0, 1, 2, 3, 5, 8, 13, 40, 200, 600):
        text = oracle.text(n)
        expect(student.tokenizers.pretokenize(text), regex.findall(oracle.pattern, text))


@exercise("tokenizers.pretokenize")
def test_cuts_like_hugging_face(student, oracle):
    """The pieces stand where the ByteLevel pre-tokenizer of `tokenizers` has them."""
    theirs = pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False)
    for n in (1, 4, 20, 150):
        text = oracle.text(n)
        pieces = [text[start:end] for _, (start, end) in theirs.pre_tokenize_str(text)]
        expect(student.tokenizers.pretokenize(text), pieces)


@exercise("tokenizers.pretokenize", weight=2)
def test_nothing_is_lost(student, oracle):
    """The pieces of any Unicode text are not empty, and joined they are the text."""
    for n in (0, 1, 10, 300):
        text = oracle.any_text(n) + oracle.text(n)
        pieces = student.tokenizers.pretokenize(text)
        expect("".join(pieces), text, given=f"the pieces of {text!r}, joined")
        expect_that("" not in pieces, expected="no empty piece", got=pieces)


@exercise("tokenizers.pretokenize")
def test_endings_are_cut_wherever_they_stand(student, rng):
    """The seven endings are cut off in small letters, whatever follows them."""
    endings = ["s", "d", "m", "t", "ll", "ve", "re"]
    for ending in rng.sample(endings, len(endings)):
        big = ending.upper()
        for text, pieces in (
            (f"we'{ending}", ["we", f"'{ending}"]),
            (f"'{ending}x 1'{ending}", [f"'{ending}", "x", " 1", f"'{ending}"]),
            (f"we'{big} ok", ["we", "'", big, " ok"]),
            (f"'{ending}'{ending} '{ending}", [f"'{ending}", f"'{ending}", " '", ending]),
        ):
            expect(student.tokenizers.pretokenize(text), pieces)


# --- merge ------------------------------------------------------------------------------------


@exercise("tokenizers.merge", weight=2)
def test_replaces_as_strings_do(student, rng):
    """Ids as characters: the answer is that of str.replace."""
    for n in (0, 1, 2, 3, 5, 8, 30, 200):
        ids = rng.sample(range(1000), 3)
        text = rng.choices(ids, k=n)
        for pair in ((ids[0], ids[1]), (ids[1], ids[0]), (ids[2], ids[2])):
            new = rng.randint(1000, 2000)
            joined = "".join(map(chr, text)).replace("".join(map(chr, pair)), chr(new))
            expect(student.tokenizers.merge(text, pair, new), [ord(c) for c in joined])


@exercise("tokenizers.merge")
def test_runs_are_taken_from_the_left(student, rng):
    """In a run of n equal ids n // 2 pairs are merged, and an odd one is left at its end."""
    for n in range(9):
        a, b, new = rng.sample(range(300, 5000), 3)
        expected = [b] + [new] * (n // 2) + [a] * (n % 2) + [b]
        expect(student.tokenizers.merge([b, *[a] * n, b], (a, a), new), expected)


@exercise("tokenizers.merge")
def test_what_is_new_is_not_merged_again(student, rng):
    """The new id may be one of the pair: it is not looked at a second time."""
    for n in (1, 2, 6):
        a, b = rng.sample(range(2, 999), 2)
        expect(student.tokenizers.merge([a, *[b] * n], (a, b), a), [a, *[b] * (n - 1)])
        expect(student.tokenizers.merge([*[a] * n, b], (a, b), b), [*[a] * (n - 1), b])
        expect(student.tokenizers.merge([a] * (n + 1), (a, a), a), [a] * ((n + 2) // 2))


@exercise("tokenizers.merge")
def test_the_ids_stay_as_they_are(student, rng):
    """The list that is given is not changed, and a list of its own comes back."""
    for n in (2, 7):
        a, b, new = rng.sample(range(999), 3)
        kept = student.support.keep.obj([a, b] * n)
        expect(student.tokenizers.merge(kept, (a, b), new), [new] * n)
        expect(student.support.copy_of(kept), [a, b] * n, given="the ids after merge(…)")


# --- train_bpe --------------------------------------------------------------------------------


@exercise("tokenizers.train_bpe", weight=3)
def test_learns_what_hugging_face_learns(student, oracle):
    """The merges are those of the `tokenizers` library, ties included."""
    for n, letters in ((1, b"ab"), (3, b"ab"), (6, b"abc"), (25, b"abcde"), (60, b"\x00az\xff ")):
        counts = oracle.word_counts(n, letters)
        for n_merges in (0, 1, 4, 30):
            expected = oracle.learned(counts, n_merges)
            expect(student.tokenizers.train_bpe(counts, n_merges), expected)


@exercise("tokenizers.train_bpe")
def test_ties_go_to_the_lowest_pair(student, rng):
    """All pairs occur equally often: the lowest left id wins, then the lowest right id."""
    for n in (2, 3, 5):
        letters = rng.sample(range(256), 2 * n)
        words = [bytes(letters[2 * i : 2 * i + 2]) for i in range(n)]
        words += [bytes([letters[0], letters[3]])]
        counts = dict.fromkeys(rng.sample(words, len(words)), 7)
        order = sorted(tuple(word) for word in words)
        expected = {pair: 256 + number for number, pair in enumerate(order)}
        expect(student.tokenizers.train_bpe(counts, len(order)), expected)


@exercise("tokenizers.train_bpe", weight=2)
def test_words_weigh_as_often_as_they_occur(student, rng):
    """A pair of one frequent word outweighs a pair of many rare words, and the other way round."""
    for n in (2, 10):
        a, b, c, d, *others = rng.sample(range(256), 4 + n)
        rare = {bytes([c, d, other]): 1 for other in others}
        for often in (n + 1, n - 1):
            first, second = ((a, b), (c, d)) if often > n else ((c, d), (a, b))
            counts = {**rare, bytes([a, b]): often, bytes([others[0]]): 99}
            if often > 1:
                expected = {first: 256, second: 257}
                expect(student.tokenizers.train_bpe(counts, 2), expected)


@exercise("tokenizers.train_bpe")
def test_runs_count_every_place(student, rng):
    """In a run of three equal bytes the pair stands twice."""
    for _ in range(3):
        a, b, c = rng.sample(range(256), 3)
        counts = {bytes([a, a, a]): 4, bytes([b, c]): 7}
        expect(student.tokenizers.train_bpe(counts, 1), {(a, a): 256})
        counts[bytes([b, c])] = 9
        expect(student.tokenizers.train_bpe(counts, 1), {(b, c): 256})


@exercise("tokenizers.train_bpe")
def test_stops_when_words_are_whole(student, rng):
    """More merges than there are pairs: each word ends as one token, and that is all."""
    for n in (0, 1, 4):
        letters = rng.sample(range(256), 3 * n)
        words = [bytes(letters[3 * i : 3 * i + 3]) for i in range(n)]
        counts = dict.fromkeys(words, 1) | {b"": 3, bytes([5]): 2}
        merges = student.tokenizers.train_bpe(counts, 100)
        expect(len(merges), 2 * n)
        expect(sorted(merges.values()), list(range(256, 256 + 2 * n)))


@exercise("tokenizers.train_bpe")
def test_the_counts_stay_as_they_are(student, oracle):
    """The word counts that are given are not changed."""
    for n in (2, 8):
        counts = oracle.word_counts(n)
        kept = student.support.keep.obj(counts)
        expect(student.tokenizers.train_bpe(kept, 5), oracle.learned(counts, 5))
        expect(student.support.copy_of(kept), counts, given="the word counts after train_bpe(…)")


# --- encode_word ------------------------------------------------------------------------------


@exercise("tokenizers.encode_word", weight=3)
def test_encodes_like_tiktoken(student, rng, oracle):
    """With the same merges the ids are those of tiktoken."""
    for n, letters in ((4, b"ab"), (20, b"abc"), (60, b"abcde\xe9\x00")):
        merges = oracle.learned(oracle.word_counts(n, letters), 60)
        theirs = oracle.openai(merges)
        for length in (1, 2, 3, 5, 9, 30):
            word = bytes(rng.choices(letters, k=length))
            expected = theirs._encode_single_piece(word)
            expect(student.tokenizers.encode_word(word, merges), expected)


@exercise("tokenizers.encode_word", weight=2)
def test_the_earliest_merge_comes_first(student, rng):
    """Of two merges that overlap, that with the lower id is made, wherever it stands."""
    for _ in range(4):
        a, b, c = rng.sample(range(256), 3)
        word = bytes([a, b, c])
        expect(student.tokenizers.encode_word(word, {(a, b): 256, (b, c): 257}), [256, c])
        expect(student.tokenizers.encode_word(word, {(b, c): 256, (a, b): 257}), [a, 256])


@exercise("tokenizers.encode_word")
def test_words_of_the_training_text_become_tokens(student, rng, oracle):
    """After enough merges each word that was trained on is one token: its bytes."""
    for n in (1, 5, 15):
        counts = oracle.word_counts(n)
        merges = oracle.learned(counts, 1000)
        for word in rng.sample(sorted(counts), min(4, len(counts))):
            ids = student.tokenizers.encode_word(word, merges)
            table = oracle.tokens(merges)
            expect([table.get(number) for number in ids], [word], given=f"the token of {word}")


@exercise("tokenizers.encode_word")
def test_bytes_stay_bytes(student, rng):
    """Without a merge that fits, each byte is its own id; an empty word has none."""
    for n in (0, 1, 2, 40):
        word = bytes(rng.choices(range(256), k=n))
        expect(student.tokenizers.encode_word(word, {}), list(word))
        a, b = rng.sample(range(256), 2)
        apart = bytes(byte for byte in word if byte != a)
        expect(student.tokenizers.encode_word(apart, {(a, b): 256}), list(apart))


@exercise("tokenizers.encode_word")
def test_every_occurrence_is_merged(student, rng):
    """Runs are merged from the left, and again until nothing can be merged."""
    a, b = rng.sample(range(256), 2)
    merges = {(a, a): 256, (256, 256): 257, (257, b): 258}
    for n in range(1, 12):
        rest = n % 4
        tail = {0: [], 1: [a], 2: [256], 3: [256, a]}[rest]
        ids = [257] * (n // 4) + tail
        expected = [*ids[:-1], 258] if rest == 0 else [*ids, b]
        expect(student.tokenizers.encode_word(bytes([a] * n + [b]), merges), expected)


@exercise("tokenizers.encode_word")
def test_the_merges_stay_as_they_are(student, oracle):
    """The merges that are given are not changed."""
    merges = oracle.learned(oracle.word_counts(10), 10)
    kept = student.support.keep.obj(merges)
    for word in (b"", b"aabbab", b"xyz"):
        expected = oracle.openai(merges)._encode_single_piece(word) if word else []
        expect(student.tokenizers.encode_word(word, kept), expected)
    expect(student.support.copy_of(kept), merges, given="the merges after encode_word(…)")


# --- decode -----------------------------------------------------------------------------------


def pieces_of(rng, data, most=4):
    """The bytes cut anywhere, as a vocabulary and the ids of the pieces; some come twice."""
    vocabulary, ids = {}, []
    start = 0
    while start < len(data):
        end = start + rng.randint(1, most)
        number = next((i for i, b in vocabulary.items() if b == data[start:end]), None)
        if number is None:
            number = rng.choice([i for i in range(3 * len(data)) if i not in vocabulary])
            vocabulary[number] = data[start:end]
        ids.append(number)
        start = end
    return vocabulary, ids


@exercise("tokenizers.decode", weight=2)
def test_text_comes_back_however_it_was_cut(student, rng, oracle):
    """Tokens that are cut within characters join to the text."""
    for n in (0, 1, 4, 30):
        text = oracle.text(n) + oracle.any_text(n)
        expect(student.tokenizers.decode(*pieces_of(rng, text.encode())[::-1]), text)


@exercise("tokenizers.decode", weight=2)
def test_what_is_no_utf8_is_replaced(student, rng, oracle):
    """Bytes that are no UTF-8 become U+FFFD as in Python's own decoder, and the rest is kept."""
    for n in (1, 2, 3, 12, 40):
        data = bytes(rng.choices(range(256), k=n)) + oracle.text(n).encode()[: n + 1]
        data += b"\xed\xa0\x80\xc0\xaf\xf5ok\xe9\x95"
        vocabulary, ids = pieces_of(rng, data)
        expect(student.tokenizers.decode(ids, vocabulary), data.decode(errors="replace"))


@exercise("tokenizers.decode")
def test_white_space_and_marks_are_text(student, rng):
    """Spaces at the edges, line ends of all kinds and a byte-order mark are kept."""
    for text in (" ", "\ufeffa", " a\r\n", "\n\x00b\t ", "a\u2028b\r", "\\x41", "e\u0301 \ufb01"):
        vocabulary, ids = pieces_of(rng, text.encode(), 2)
        expect(student.tokenizers.decode(ids, vocabulary), text)


@exercise("tokenizers.decode")
def test_ids_that_are_no_tokens_are_refused(student, rng):
    """An id that is not in the vocabulary is a ValueError that names it."""
    for n in (0, 1, 6):
        vocabulary = dict.fromkeys(rng.sample(range(1000), n), b"x")
        for wrong in (-1, rng.randint(1000, 2000), 10**6):
            ids = [*vocabulary, wrong, *vocabulary]
            message = complaint(lambda ids=ids, v=vocabulary: student.tokenizers.decode(ids, v))
            fine = message is not None and str(wrong) in message
            expect_that(fine, expected=f"a ValueError that names {wrong}", got=message)
        expect(student.tokenizers.decode([*vocabulary], vocabulary), "x" * n)
