"""Characters, words and merges: examples that you can check by hand."""

from autograder.testing import complaint, exercise, expect, expect_that

# --- CharTokenizer ----------------------------------------------------------------------------


@exercise("tokenizers.CharTokenizer")
def test_ids_follow_the_order_of_the_characters(student):
    """In "banana" the characters are a, b and n: 1, 2 and 3."""
    tokenizer = student.tokenizers.CharTokenizer("banana")
    expect(tokenizer.encode("nab"), [3, 1, 2])
    expect(tokenizer.decode([2, 1, 3, 1, 3, 1]), "banana")


@exercise("tokenizers.CharTokenizer")
def test_an_unknown_character_is_zero(student):
    """c is not in "banana": its id is 0, and what comes back is a replacement character."""
    tokenizer = student.tokenizers.CharTokenizer("banana")
    expect(tokenizer.encode("can"), [0, 1, 3])
    expect(tokenizer.decode([0, 1, 3]), "\ufffdan")


@exercise("tokenizers.CharTokenizer")
def test_an_id_without_a_character_is_refused(student):
    """There are the ids 0 to 3; the message of the ValueError names the 4."""
    tokenizer = student.tokenizers.CharTokenizer("banana")
    message = complaint(lambda: tokenizer.decode([1, 4]))
    expect_that("4" in (message or ""), expected="a ValueError that names 4", got=message)


# --- pretokenize ------------------------------------------------------------------------------


@exercise("tokenizers.pretokenize")
def test_a_space_goes_with_the_word_after_it(student):
    """Each word takes the space before it, so that nothing is lost."""
    expect(student.tokenizers.pretokenize("to be or"), ["to", " be", " or"])


@exercise("tokenizers.pretokenize")
def test_letters_numbers_and_signs_are_kept_apart(student):
    """A word ends where another kind of character begins."""
    words = ["GPT", "-", "2", ",", " 124", "M", " (", "2019", ")."]
    expect(student.tokenizers.pretokenize("GPT-2, 124M (2019)."), words)
    expect(student.tokenizers.pretokenize("第2章：分词"), ["第", "2", "章", "：", "分词"])


@exercise("tokenizers.pretokenize")
def test_english_endings_are_cut_off(student):
    """n't is cut before its apostrophe, because 't is one of the endings; 'em is none of them."""
    words = ["don", "'t", " say", " we", "'ll", " '", "em"]
    expect(student.tokenizers.pretokenize("don't say we'll 'em"), words)


@exercise("tokenizers.pretokenize")
def test_of_several_spaces_the_last_belongs_to_the_word(student):
    """Three spaces before a word are two and one; at the end of the text they stay together."""
    expect(
        student.tokenizers.pretokenize("if   x:\n\ty  "),
        ["if", "  ", " x", ":", "\n", "\t", "y", "  "],
    )


# --- merge ------------------------------------------------------------------------------------


@exercise("tokenizers.merge")
def test_every_occurrence_is_replaced(student):
    """1 2 occurs twice in 1 2 3 1 2."""
    expect(student.tokenizers.merge([1, 2, 3, 1, 2], (1, 2), 256), [256, 3, 256])


@exercise("tokenizers.merge")
def test_of_three_equal_ids_one_is_left(student):
    """In a run of three the first two are taken, of five the first four."""
    expect(student.tokenizers.merge([7, 7, 7], (7, 7), 256), [256, 7])
    expect(student.tokenizers.merge([7, 7, 7, 7, 7], (7, 7), 256), [256, 256, 7])


@exercise("tokenizers.merge")
def test_a_pair_has_an_order(student):
    """2 1 is not 1 2, and a pair that is absent changes nothing."""
    expect(student.tokenizers.merge([2, 1, 2, 1], (1, 2), 256), [2, 256, 1])
    expect(student.tokenizers.merge([2, 1], (1, 2), 256), [2, 1])


# --- train_bpe --------------------------------------------------------------------------------


@exercise("tokenizers.train_bpe")
def test_the_most_frequent_pair_comes_first(student):
    """u g occurs 20 times in hug, pug and hugs, h u only 15 times; then h ug is the best."""
    # 104, 117, 103 and 115 are h, u, g and s.
    counts = {b"hug": 10, b"pug": 5, b"hugs": 5}
    expect(student.tokenizers.train_bpe(counts, 2), {(117, 103): 256, (104, 256): 257})


@exercise("tokenizers.train_bpe")
def test_of_equal_counts_the_lowest_pair_wins(student):
    """b c and a b occur three times each: a b is lower. Then only (256, c) is left."""
    expect(student.tokenizers.train_bpe({b"abc": 3}, 2), {(97, 98): 256, (256, 99): 257})


@exercise("tokenizers.train_bpe")
def test_it_stops_where_no_pair_is_left(student):
    """a a a a becomes two tokens, then one: after two merges nothing is left to do."""
    expect(student.tokenizers.train_bpe({b"aaaa": 1}, 9), {(97, 97): 256, (256, 256): 257})


# --- encode_word ------------------------------------------------------------------------------


@exercise("tokenizers.encode_word")
def test_what_was_learned_first_is_merged_first(student):
    """In "abc" b c was learned first, so a b, which stands further left, has to wait."""
    merges = {(98, 99): 256, (97, 98): 257}
    expect(student.tokenizers.encode_word(b"abc", merges), [97, 256])
    expect(student.tokenizers.encode_word(b"abz", merges), [257, 122])


@exercise("tokenizers.encode_word")
def test_tokens_grow(student):
    """u g becomes 256, and h 256 becomes 257: a word that was never seen uses both."""
    merges = {(117, 103): 256, (104, 256): 257}
    expect(student.tokenizers.encode_word(b"thugs", merges), [116, 257, 115])


@exercise("tokenizers.encode_word")
def test_without_merges_bytes_remain(student):
    """The three bytes of 长 are three tokens as long as no merge joins them."""
    expect(student.tokenizers.encode_word("长".encode(), {}), [0xE9, 0x95, 0xBF])
    expect(student.tokenizers.encode_word(b"", {(97, 97): 256}), [])


# --- decode -----------------------------------------------------------------------------------

BYTES = {byte: bytes([byte]) for byte in range(256)}


@exercise("tokenizers.decode")
def test_tokens_are_joined(student):
    """A token stands for its bytes, and spaces are bytes like any other."""
    vocabulary = {**BYTES, 256: b" hug"}
    expect(student.tokenizers.decode([97, 256, 256, 115], vocabulary), "a hug hugs")


@exercise("tokenizers.decode")
def test_a_character_may_be_spread_over_tokens(student):
    """E9, 95 and BF are no characters, but together they are 长."""
    vocabulary = {**BYTES, 256: b"\xe9\x95"}
    expect(student.tokenizers.decode([256, 0xBF], vocabulary), "长")


@exercise("tokenizers.decode")
def test_half_a_character_becomes_a_question_mark(student):
    """A model may stop in the middle of a character: that is shown, and raises nothing."""
    expect(student.tokenizers.decode([104, 105, 0xE9, 0x95], BYTES), "hi\ufffd")


@exercise("tokenizers.decode")
def test_what_is_no_token_is_refused(student):
    """300 is not in the vocabulary: a ValueError names it."""
    message = complaint(lambda: student.tokenizers.decode([97, 300], BYTES))
    expect_that("300" in (message or ""), expected="a ValueError that names 300", got=message)
