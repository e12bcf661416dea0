"""Counting, and the probability of text: examples that you can check by hand."""

import math

from autograder.testing import exercise, expect, expect_that

# Six sentences about necks, cut into words. "长颈鹿 脖子 长" (the giraffe's neck is long) is not
# one of them, and still gets a probability, because its pairs of words occur.
#
#     长颈鹿 is followed by   脖子 爱 </s>           so P(脖子 | 长颈鹿) = 1/3
#     脖子   is followed by   真 看 长 长 短         so P(长 | 脖子)     = 2/5
#     长     is followed by   </s> 腿 </s> 脖子      so P(</s> | 长)     = 2/4
#     2 of the 6 sentences begin with 长颈鹿         so P(长颈鹿 | <s>)  = 2/6
NECKS = [
    ["长颈鹿", "脖子", "真", "好看"],
    ["长颈鹿", "爱", "吃", "树叶"],
    ["乌龟", "伸", "脖子", "看", "长颈鹿"],
    ["天鹅", "脖子", "长"],
    ["鸵鸟", "脖子", "长", "腿", "也", "长"],
    ["大象", "鼻子", "长", "脖子", "短"],
]

# Two sentences, so that the first word is an even bet and the rest is certain.
COIN = [["heads"], ["tails"]]


# --- count_ngrams -----------------------------------------------------------------------------


@exercise("ngrams.count_ngrams")
def test_counts_the_pairs_of_a_sentence(student):
    """The pairs of "a a" are: begin and a, a and a, a and end."""
    expect(
        student.ngrams.count_ngrams([["a", "a"]], 2),
        {("<s>", "a"): 1, ("a", "a"): 1, ("a", "</s>"): 1},
    )


@exercise("ngrams.count_ngrams")
def test_counts_single_words_without_the_begin_marker(student):
    """</s> is counted once for each sentence, and <s>, which is never predicted, not at all."""
    expect(
        student.ngrams.count_ngrams([["to", "be", "or", "not", "to", "be"], ["be"]], 1),
        {("to",): 2, ("be",): 3, ("or",): 1, ("not",): 1, ("</s>",): 2},
    )


@exercise("ngrams.count_ngrams")
def test_counts_triples_with_one_marker_on_each_side(student):
    """One marker on each side also for n = 3; "hi" alone still makes one triple."""
    expect(
        student.ngrams.count_ngrams([["to", "be"], ["hi"], []], 3),
        {("<s>", "to", "be"): 1, ("to", "be", "</s>"): 1, ("<s>", "hi", "</s>"): 1},
    )


@exercise("ngrams.count_ngrams")
def test_keeps_the_sentences_apart(student):
    """No pair reaches from the end of one sentence into the next."""
    expect(
        student.ngrams.count_ngrams([["a"], ["b"], ["a"]], 2),
        {("<s>", "a"): 2, ("a", "</s>"): 2, ("<s>", "b"): 1, ("b", "</s>"): 1},
    )


# --- build_vocabulary -------------------------------------------------------------------------


@exercise("ngrams.build_vocabulary")
def test_vocabulary_holds_every_word_and_two_markers(student):
    """All words, </s> and <unk>, but not <s>."""
    expect(
        student.ngrams.build_vocabulary([["to", "be"], ["not", "to", "be"]]),
        {"to", "be", "not", "</s>", "<unk>"},
    )


@exercise("ngrams.build_vocabulary")
def test_vocabulary_leaves_rare_words_out(student):
    """to and be occur twice, so they stay for min_count = 2; not occurs once."""
    text = [["to", "be"], ["not", "to", "be"]]
    expect(student.ngrams.build_vocabulary(text, 2), {"to", "be", "</s>", "<unk>"})
    # Nothing is that frequent; </s> and <unk> belong to every vocabulary all the same.
    expect(student.ngrams.build_vocabulary(text, 3), {"</s>", "<unk>"})


@exercise("ngrams.build_vocabulary")
def test_vocabulary_counts_words_not_sentences(student):
    """ha occurs three times, though in one sentence only."""
    expect(
        student.ngrams.build_vocabulary([["ha", "ha", "ha"], ["hm"]], 3), {"ha", "</s>", "<unk>"}
    )


# --- MaximumLikelihood ------------------------------------------------------------------------


@exercise("ngrams.MaximumLikelihood")
def test_giraffes_have_long_necks(student):
    """P(脖子 | 长颈鹿) = 1/3 and P(长 | 脖子) = 2/5: together 2/15, for a sentence never seen."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    neck, long = model.prob("脖子", ["长颈鹿"]), model.prob("长", ["脖子"])
    expect(neck, 1 / 3)
    expect(long, 2 / 5)
    expect(neck * long, 2 / 15, given="P(脖子 | 长颈鹿) · P(长 | 脖子)")


@exercise("ngrams.MaximumLikelihood")
def test_sentences_begin_and_end_with_some_probability(student):
    """<s> is a context like any other, and </s> is predicted like any word."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    expect(model.prob("长颈鹿", ["<s>"]), 2 / 6)
    expect(model.prob("</s>", ["长"]), 2 / 4)


@exercise("ngrams.MaximumLikelihood")
def test_only_the_last_words_of_the_context_count(student):
    """A bigram model looks at the last word, and at the word alone where there is no context."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    expect(model.prob("长", ["<s>", "长颈鹿", "脖子"]), 2 / 5)
    # 27 words and 6 times </s> are predicted in all; 4 of them are 长.
    expect(model.prob("长"), 4 / 33)


@exercise("ngrams.MaximumLikelihood")
def test_what_was_never_seen_has_probability_zero(student):
    """After a context that never occurred, 0/0 counts as 0."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    expect(model.prob("脖子", ["长颈鹿"]), 1 / 3)
    expect(model.prob("腿", ["脖子"]), 0.0)  # a new pair of known words
    expect(model.prob("长", ["熊猫"]), 0.0)  # an unknown word as context


# --- sentence_logprob -------------------------------------------------------------------------


@exercise("ngrams.sentence_logprob")
def test_logprob_of_the_giraffe_sentence(student):
    """With its edges, the sentence has probability 2/6 · 1/3 · 2/5 · 2/4 = 1/45."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    expect(student.ngrams.sentence_logprob(model, ["长颈鹿", "脖子", "长"]), math.log(1 / 45))


@exercise("ngrams.sentence_logprob")
def test_logprob_of_nothing_said(student):
    """One sentence of four is empty: P(</s> | <s>) = 1/4."""
    model = student.ngrams.MaximumLikelihood([["hi"], ["hi"], ["hi"], []], 2)
    expect(student.ngrams.sentence_logprob(model, []), math.log(1 / 4))


@exercise("ngrams.sentence_logprob")
def test_logprob_of_the_impossible(student):
    """Where one factor is 0 the product is 0, and its logarithm -inf."""
    model = student.ngrams.MaximumLikelihood(COIN, 2)
    expect(student.ngrams.sentence_logprob(model, ["heads"]), math.log(1 / 2))
    expect(student.ngrams.sentence_logprob(model, ["heads", "tails"]), -math.inf)


# --- cross_entropy ----------------------------------------------------------------------------


@exercise("ngrams.cross_entropy")
def test_one_coin_is_one_bit_for_two_tokens(student):
    """The coin costs 1 bit and </s>, which is certain, nothing: 1/2 bit per token."""
    model = student.ngrams.MaximumLikelihood(COIN, 2)
    expect(student.ngrams.cross_entropy(model, [["heads"], ["tails"]]), 1 / 2)


@exercise("ngrams.cross_entropy")
def test_every_token_weighs_the_same(student):
    """One average over all 5 tokens, not one for each sentence."""
    # <s> is followed once by heads and once by tails, heads once by heads and once by </s>: each
    # of these four tokens costs 1 bit. The fifth, </s> after tails, is certain.
    model = student.ngrams.MaximumLikelihood([["heads", "heads"], ["tails"]], 2)
    expect(student.ngrams.cross_entropy(model, [["heads", "heads"], ["tails"]]), 4 / 5)


@exercise("ngrams.cross_entropy")
def test_an_unknown_word_is_scored_or_skipped(student):
    """edge is unknown: <unk> has probability 0, so the text costs inf unless it is skipped."""
    model = student.ngrams.MaximumLikelihood(COIN, 1)
    # Of 4 tokens 1 is heads and 2 are </s>: -log2(1/4) = 2 bits and -log2(2/4) = 1 bit.
    expect(student.ngrams.cross_entropy(model, [["heads", "edge"]], "skip"), (2 + 1) / 2)
    expect(student.ngrams.cross_entropy(model, [["heads", "edge"]], "unk"), math.inf)


# --- sample_sentences -------------------------------------------------------------------------


@exercise("ngrams.sample_sentences")
def test_a_model_without_doubts_repeats_its_sentence(student):
    """Where each next word is certain there is one sentence to write, without its markers."""
    model = student.ngrams.MaximumLikelihood([["to", "be"]], 2)
    expect(student.ngrams.sample_sentences(model, 3, seed=1), [["to", "be"]] * 3)


@exercise("ngrams.sample_sentences")
def test_heads_and_tails_come_equally_often(student):
    """Of 1000 coins about 500 show heads (in 9999 of 10 000 cases, 438 to 562)."""
    model = student.ngrams.MaximumLikelihood(COIN, 2)
    sentences = student.ngrams.sample_sentences(model, 1000, seed=1)
    heads = sum(list(sentence) == ["heads"] for sentence in sentences)
    tails = sum(list(sentence) == ["tails"] for sentence in sentences)
    expect(heads + tails, 1000, given="the number of coins in the sample")
    expect_that(438 <= heads <= 562, expected="about 500 times heads", got=heads)


@exercise("ngrams.sample_sentences")
def test_a_seed_is_a_promise(student):
    """The same seed writes the same sentences, another seed others."""
    model = student.ngrams.MaximumLikelihood(NECKS, 2)
    first = student.ngrams.sample_sentences(model, 20, seed=1)
    expect(student.ngrams.sample_sentences(model, 20, seed=1), first)
    other = student.ngrams.sample_sentences(model, 20, seed=2)
    expect_that(other != first, expected="other sentences than from seed 1", got=other)


@exercise("ngrams.sample_sentences")
def test_an_endless_sentence_is_cut(student):
    """Laughter ends after each ha with probability 1/1000, and here after three at the latest."""
    model = student.ngrams.MaximumLikelihood([["ha"] * 1000], 2)
    longest = max(student.ngrams.sample_sentences(model, 5, seed=1, max_tokens=3), key=len)
    expect(longest, ["ha", "ha", "ha"])
