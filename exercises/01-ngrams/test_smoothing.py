"""Smoothing, on three sentences that are small enough to count by hand.

    I am Sam          Sam I am          I do not like green eggs and ham

Ten different words, so V = 12 with </s> and <unk>. Fourteen words and three </s> make
seventeen predicted tokens.
"""

import numpy as np

from autograder.testing import exercise, expect

SAM = [
    ["I", "am", "Sam"],
    ["Sam", "I", "am"],
    ["I", "do", "not", "like", "green", "eggs", "and", "ham"],
]


# --- AddK -------------------------------------------------------------------------------------


@exercise("ngrams.AddK")
def test_laplace_adds_one_to_every_count(student):
    """With k = 1 every bigram counts once more, and every context V times more."""
    model = student.ngrams.AddK(SAM, 2)
    # Three sentences begin, two of them with "I".
    expect(model.prob("I", ["<s>"]), (2 + 1) / (3 + 12))
    # "am" comes twice, once before "Sam".
    expect(model.prob("Sam", ["am"]), (1 + 1) / (2 + 12))
    # "ham Sam" was never seen, "ham" once.
    expect(model.prob("Sam", ["ham"]), (0 + 1) / (1 + 12))


@exercise("ngrams.AddK")
def test_a_smaller_k_keeps_nearer_to_the_counts(student):
    """With k = 1/2 the same bigrams get half as much extra."""
    model = student.ngrams.AddK(SAM, 2, 0.5)
    expect(model.prob("I", ["<s>"]), (2 + 0.5) / (3 + 6))
    expect(model.prob("Sam", ["ham"]), (0 + 0.5) / (1 + 6))


@exercise("ngrams.AddK")
def test_nothing_is_known_after_an_unseen_context(student):
    """After a context that was never seen all twelve words are equally likely."""
    model = student.ngrams.AddK(SAM, 3, 0.1)
    for word in ("Sam", "</s>", "<unk>", "spam"):
        expect(model.prob(word, ["ham", "green"]), 1 / 12)


@exercise("ngrams.AddK")
def test_a_longer_context_is_cut_and_a_shorter_one_used(student):
    """A bigram model looks back one word, a unigram model none; it may also have too little."""
    bigrams = student.ngrams.AddK(SAM, 2)
    expect(bigrams.prob("Sam", ["<s>", "I", "am"]), (1 + 1) / (2 + 12))
    # Two of the seventeen tokens are "Sam".
    expect(bigrams.prob("Sam"), (2 + 1) / (17 + 12))
    unigrams = student.ngrams.AddK(SAM, 1)
    expect(unigrams.prob("Sam", ["<s>", "I", "am"]), (2 + 1) / (17 + 12))


# --- Interpolated -----------------------------------------------------------------------------


@exercise("ngrams.Interpolated")
def test_components_of_a_bigram_model(student):
    """The components are 1/V, the frequency of the word, and its frequency after the context."""
    model = student.ngrams.Interpolated(SAM, 2, [0.1, 0.3, 0.6])
    # "Sam" is 2 of 17 tokens, and 1 of the 2 that follow "am".
    expect(model.components("Sam", ["am"]), [1 / 12, 2 / 17, 1 / 2])
    # "ham" was followed by </s> only.
    expect(model.components("Sam", ["ham"]), [1 / 12, 2 / 17, 0.0])


@exercise("ngrams.Interpolated")
def test_the_mixture_is_the_weighted_sum(student):
    """prob adds up weight times component."""
    model = student.ngrams.Interpolated(SAM, 2, [0.1, 0.3, 0.6])
    expect(model.prob("Sam", ["am"]), 0.1 / 12 + 0.3 * 2 / 17 + 0.6 / 2)


@exercise("ngrams.Interpolated")
def test_an_order_without_evidence_repeats_the_one_below(student):
    """After an unseen or missing context the component of that order is the one below."""
    model = student.ngrams.Interpolated(SAM, 3, [0.1, 0.2, 0.3, 0.4])
    # "eggs am" was never seen, "am" was: the trigram component repeats the bigram's.
    expect(model.components("Sam", ["eggs", "am"]), [1 / 12, 2 / 17, 1 / 2, 1 / 2])
    # Without a context the word's own frequency is all there is.
    expect(model.components("Sam", []), [1 / 12, 2 / 17, 2 / 17, 2 / 17])
    # The mixture follows: here the bigram's 1/2 has its own weight and the trigram's.
    expect(model.prob("Sam", ["eggs", "am"]), 0.1 / 12 + 0.2 * 2 / 17 + 0.7 / 2)


# --- fit_interpolation_weights ----------------------------------------------------------------


@exercise("ngrams.fit_interpolation_weights")
def test_one_round_shares_out_each_token(student):
    """In one round each token is shared out in the ratio of its components."""
    components = np.array([[0.3, 0.1], [0.2, 0.2]])
    # The first token is owed 3/4 and 1/4, the second 1/2 and 1/2; λ is the mean of these.
    got = student.ngrams.fit_interpolation_weights(components, 1)
    expect(got, np.array([5 / 8, 3 / 8]))


@exercise("ngrams.fit_interpolation_weights")
def test_the_second_round_starts_from_the_new_weights(student):
    """In the second round the shares are weighted with the result of the first."""
    components = np.array([[0.3, 0.1], [0.2, 0.2]])
    # Now 3·5 : 1·3 = 5/6 and 1/6 of the first token, and 5 : 3 = 5/8 and 3/8 of the second.
    got = student.ngrams.fit_interpolation_weights(components, 2)
    expect(got, np.array([35 / 48, 13 / 48]))


@exercise("ngrams.fit_interpolation_weights")
def test_a_component_that_explains_three_of_four_tokens(student):
    """Tokens that only one component can produce give it exactly their share."""
    components = np.array([[0.0, 0.5], [0.1, 0.0], [0.0, 0.02], [0.0, 0.9]])
    expect(student.ngrams.fit_interpolation_weights(components), np.array([0.25, 0.75]))


# --- StupidBackoff ----------------------------------------------------------------------------


@exercise("ngrams.StupidBackoff")
def test_a_seen_ngram_costs_nothing(student):
    """A trigram that was seen scores its relative frequency."""
    model = student.ngrams.StupidBackoff(SAM, 3)
    # "I am" came twice: once before "Sam", once before </s>.
    expect(model.score("Sam", ["I", "am"]), 1 / 2)
    # With one word of context nothing is dropped, so nothing is paid.
    expect(model.score("Sam", ["am"]), 1 / 2)
    # Three sentences begin, two of them with "I".
    expect(model.score("I", ["<s>"]), 2 / 3)


@exercise("ngrams.StupidBackoff")
def test_each_step_back_costs_alpha(student):
    """Each token of context that is dropped costs a factor of 0.4."""
    model = student.ngrams.StupidBackoff(SAM, 3)
    # "do am Sam" is new, "am Sam" is not: one step.
    expect(model.score("Sam", ["do", "am"]), 0.4 * 1 / 2)
    # "not like Sam" and "like Sam" are new; "Sam" is 2 of 17 tokens: two steps.
    expect(model.score("Sam", ["not", "like"]), 0.4 * 0.4 * 2 / 17)


@exercise("ngrams.StupidBackoff")
def test_an_unseen_word_scores_zero(student):
    """There is nothing to step back to below single words."""
    model = student.ngrams.StupidBackoff(SAM, 2, 0.5)
    expect(model.score("spam", ["am"]), 0.0)
    expect(model.score("ham", ["am"]), 0.5 * 1 / 17)


# --- continuation_counts ----------------------------------------------------------------------


@exercise("ngrams.continuation_counts")
def test_francisco_only_follows_san(student):
    """A word counts once for each different word before it."""
    bigrams = {("San", "Francisco"): 400, ("a", "cup"): 3, ("the", "cup"): 5, ("<s>", "a"): 9}
    expect(
        student.ngrams.continuation_counts(bigrams),
        {("Francisco",): 1, ("cup",): 2, ("a",): 1},
    )


@exercise("ngrams.continuation_counts")
def test_the_end_of_a_trigram_is_a_bigram(student):
    """From trigrams, the counted ends are pairs."""
    trigrams = {("a", "cup", "of"): 1, ("the", "cup", "of"): 2, ("cup", "of", "tea"): 4}
    expect(
        student.ngrams.continuation_counts(trigrams),
        {("cup", "of"): 2, ("of", "tea"): 1},
    )


# --- modified_discounts -----------------------------------------------------------------------


def ngrams_with_counts(*counts):
    """A table with one n-gram for each of these counts."""
    return {(f"word{i}",): count for i, count in enumerate(counts)}


@exercise("ngrams.modified_discounts")
def test_discounts_by_hand(student):
    """Four n-grams seen once, two twice, one three times and one four times."""
    counts = ngrams_with_counts(1, 1, 1, 1, 2, 2, 3, 4)
    # Y = 4 / (4 + 2·2) = 1/2
    # D_1 = 1 - 2·½·2/4 = 1/2,  D_2 = 2 - 3·½·1/2 = 5/4,  D_3+ = 3 - 4·½·1/1 = 1
    expect(student.ngrams.modified_discounts(counts), (0.5, 1.25, 1.0))


@exercise("ngrams.modified_discounts")
def test_counts_above_four_change_nothing(student):
    """Only n_1 to n_4 matter."""
    counts = ngrams_with_counts(1, 1, 1, 1, 2, 2, 3, 4, 5, 17, 400)
    expect(student.ngrams.modified_discounts(counts), (0.5, 1.25, 1.0))


@exercise("ngrams.modified_discounts")
def test_where_the_formula_fails_there_is_a_fallback(student):
    """Without an n-gram seen four times, or with a negative discount, the fallback is taken."""
    expect(
        student.ngrams.modified_discounts(ngrams_with_counts(1, 1, 1, 1, 2, 2, 3)),
        (0.5, 1.0, 1.5),
    )
    # Here D_3+ = 3 - 4·½·2/1 = -1.
    expect(
        student.ngrams.modified_discounts(ngrams_with_counts(1, 1, 1, 1, 2, 2, 3, 4, 4)),
        (0.5, 1.0, 1.5),
    )
