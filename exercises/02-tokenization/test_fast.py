"""The fast versions and the whole tokenizer: examples that you can check by hand."""

from autograder.testing import exercise, expect

HUGS = {(117, 103): 256, (104, 256): 257}  # u g, then h ug


@exercise("tokenizers.train_bpe_fast")
def test_fast_training_learns_the_same(student):
    """hug and ug again, as with train_bpe."""
    counts = {b"hug": 10, b"pug": 5, b"hugs": 5}
    expect(student.tokenizers.train_bpe_fast(counts, 2), HUGS)


@exercise("tokenizers.train_bpe_fast")
def test_counts_of_the_neighbours_are_corrected(student):
    """After a b both neighbours of it are in new pairs: x ab and ab y."""
    # x a, a b and b y occur 4 times each, and the a b of "ab" makes a b the best with 5. Left are
    # (x, ab) and (ab, y), 4 times each: 120 < 256, so x ab comes first, then xab y.
    learned = {(97, 98): 256, (120, 256): 257, (257, 121): 258}
    expect(student.tokenizers.train_bpe_fast({b"xaby": 4, b"ab": 1}, 9), learned)


@exercise("tokenizers.train_bpe_fast")
def test_runs_are_corrected_too(student):
    """a a a a a becomes aa aa a; of the two pairs aa a is the lower; then one is left."""
    learned = {(97, 97): 256, (256, 97): 257, (256, 257): 258}
    expect(student.tokenizers.train_bpe_fast({b"aaaaa": 1}, 9), learned)


@exercise("tokenizers.encode_fast")
def test_fast_encoding_gives_the_same(student):
    """The examples of encode_word, and nothing for an empty word."""
    expect(student.tokenizers.encode_fast(b"thugs", HUGS), [116, 257, 115])
    expect(student.tokenizers.encode_fast(b"abc", {(98, 99): 256, (97, 98): 257}), [97, 256])
    expect(student.tokenizers.encode_fast(b"", HUGS), [])


@exercise("tokenizers.encode_fast")
def test_a_place_on_the_heap_may_be_out_of_date(student):
    """In a run the second place overlaps the first: after the first merge it is gone."""
    runs = {(97, 97): 256, (256, 256): 257}
    expect(student.tokenizers.encode_fast(b"aaa", runs), [256, 97])
    expect(student.tokenizers.encode_fast(b"aaaaaaa", runs), [257, 256, 97])


@exercise("tokenizers.BPETokenizer")
def test_merges_stay_within_words(student):
    """g and the space before the next word stand side by side, but are never a pair."""
    merges = {(117, 103): 256, (103, 32): 257, (32, 98): 258}
    tokenizer = student.tokenizers.BPETokenizer(merges)
    expect(tokenizer.encode("ug bug"), [256, 258, 256])
    expect(tokenizer.decode([256, 258, 256]), "ug bug")


@exercise("tokenizers.BPETokenizer")
def test_a_special_token_is_one_id_where_that_is_asked_for(student):
    """<end> is 258, after the two merges; by default it is five characters."""
    tokenizer = student.tokenizers.BPETokenizer(HUGS, ["<end>"])
    expect(tokenizer.encode("hug<end>", special=True), [257, 258])
    expect(tokenizer.encode("hug<end>"), [257, *b"<end>"])
    expect(tokenizer.decode([257, 258]), "hug<end>")


@exercise("tokenizers.BPETokenizer")
def test_the_longest_special_token_wins(student):
    """Of <s and <s>, which begin alike, the longer one is found."""
    tokenizer = student.tokenizers.BPETokenizer({}, ["<s", "<s>"])
    expect(tokenizer.encode("<s>a<s", special=True), [257, 97, 256])


@exercise("tokenizers.read_ranks")
def test_what_was_written_is_read(student):
    """The file holds tokens, not pairs: hug is h and ug, because ug is a token before it."""
    text = "".join(f"{token} {number}\n" for number, token in enumerate(RANKS))
    expect(student.tokenizers.read_ranks(text), HUGS)


def base64(token):
    from base64 import b64encode

    return b64encode(token).decode()


RANKS = [*(base64(bytes([byte])) for byte in range(256)), base64(b"ug"), base64(b"hug")]
