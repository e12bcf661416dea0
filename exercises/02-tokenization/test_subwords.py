"""WordPiece, Unigram and the file of a tokenizer: examples that you can check by hand."""

import json
import math

from autograder.testing import exercise, expect

# --- wordpiece --------------------------------------------------------------------------------

PIECES = {"h", "hug", "##g", "##gs", "##s", "##u", "b"}


@exercise("tokenizers.wordpiece")
def test_takes_the_longest_piece_first(student):
    """hugs begins with h and with hug; hug is longer, and ##s is left."""
    expect(student.tokenizers.wordpiece("hugs", PIECES), ["hug", "##s"])
    expect(student.tokenizers.wordpiece("bugs", PIECES), ["b", "##u", "##gs"])


@exercise("tokenizers.wordpiece")
def test_a_word_that_does_not_fit_is_unknown(student):
    """mug cannot begin, and hugx cannot end: the whole word is [UNK]."""
    expect(student.tokenizers.wordpiece("mug", PIECES), ["[UNK]"])
    expect(student.tokenizers.wordpiece("hugx", PIECES), ["[UNK]"])


@exercise("tokenizers.wordpiece")
def test_the_beginning_is_looked_up_without_signs(student):
    """##s is a piece, s is not: a word cannot begin with it."""
    expect(student.tokenizers.wordpiece("s", PIECES), ["[UNK]"])
    expect(student.tokenizers.wordpiece("hug", {"##hug", "h", "##ug"}), ["h", "##ug"])


# --- unigram_segment --------------------------------------------------------------------------

LOGPROBS = {"h": -3.0, "u": -3.0, "g": -3.0, "hu": -4.0, "ug": -3.5}


@exercise("tokenizers.unigram_segment")
def test_finds_the_best_way_to_cut(student):
    """h u g costs 9 nats, hu g 7, h ug 6.5."""
    expect(student.tokenizers.unigram_segment("hug", LOGPROBS), ["h", "ug"])


@exercise("tokenizers.unigram_segment")
def test_the_longest_piece_is_not_always_best(student):
    """abc d costs 10 nats, ab cd only 5, though abc is longer than ab."""
    logprobs = {"abc": -3.0, "d": -7.0, "ab": -2.0, "cd": -3.0, "a": -9.0, "b": -9.0, "c": -9.0}
    expect(student.tokenizers.unigram_segment("abcd", logprobs), ["ab", "cd"])


@exercise("tokenizers.unigram_segment")
def test_unknown_characters_stand_alone(student):
    """x and y are in no piece; each costs 14 nats and is a piece by itself."""
    expect(student.tokenizers.unigram_segment("xhuy", LOGPROBS), ["x", "hu", "y"])
    expect(student.tokenizers.unigram_segment("", LOGPROBS), [])


# --- unigram_em_step --------------------------------------------------------------------------


@exercise("tokenizers.unigram_em_step")
def test_every_way_to_cut_counts_with_its_probability(student):
    """ab is one piece with 1/2, or a and b with 1/4 · 1/4 = 1/16: 8 of 9 parts to one."""
    # So e(ab) = 8/9 and e(a) = e(b) = 1/9, in all 10/9.
    before = {"ab": math.log(1 / 2), "a": math.log(1 / 4), "b": math.log(1 / 4)}
    after = {"ab": math.log(0.8), "a": math.log(0.1), "b": math.log(0.1)}
    expect(student.tokenizers.unigram_em_step({"ab": 1}, before), after)


@exercise("tokenizers.unigram_em_step")
def test_words_count_as_often_as_they_occur(student):
    """a occurs three times and b once; ab, which is in neither, is left out."""
    before = dict.fromkeys(("a", "b", "ab"), math.log(1 / 3))
    after = {"a": math.log(3 / 4), "b": math.log(1 / 4)}
    expect(student.tokenizers.unigram_em_step({"a": 3, "b": 1}, before), after)


# --- to_tokenizer_json ------------------------------------------------------------------------


@exercise("tokenizers.to_tokenizer_json")
def test_the_file_holds_vocabulary_and_merges(student):
    """A space is written as Ġ; merges are pairs of tokens in the order of learning."""
    text = student.tokenizers.to_tokenizer_json({(117, 103): 256, (32, 256): 257}, ["<end>"])
    file = json.loads(text)
    expect(file["model"]["merges"], [["u", "g"], ["Ġ", "ug"]])
    vocabulary = file["model"]["vocab"]
    expect(len(vocabulary), 258)
    for token, number in {"A": 65, "Ġ": 32, "Ċ": 10, "é": 0xE9, "ug": 256, "Ġug": 257}.items():
        expect(vocabulary[token], number, given=f"the id of {token}")
    expect([(added["id"], added["content"]) for added in file["added_tokens"]], [(258, "<end>")])
