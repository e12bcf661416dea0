import math
from fractions import Fraction
from itertools import pairwise

import numpy as np
from nltk.lm import MLE, Lidstone, NgramCounter, StupidBackoff, Vocabulary
from nltk.util import everygrams
from scipy.optimize import brentq, minimize

from autograder.testing import exercise, expect, expect_that

WORDS = ["the", "cat", "saw", "a", "dog", "and", "it", "ran", "red", "hill", "by", "sea", "one"]


def random_sentences(rng, n, words, longest):
    return [rng.choices(words, k=rng.randint(0, longest)) for _ in range(n)]


def corpora(rng):
    """(sentences, order, words): random texts, small ones first."""
    for order, n, n_words, longest in (
        (1, 1, 1, 2),
        (2, 1, 2, 3),
        (2, 3, 3, 4),
        (3, 4, 3, 5),
        (1, 6, 5, 5),
        (4, 6, 3, 7),
        (2, 9, 7, 6),
        (5, 8, 4, 9),
    ):
        words = rng.sample(WORDS, n_words + rng.randint(0, 2))
        yield [rng.choices(words, k=2), *random_sentences(rng, n, words, longest)], order, words


def contexts(rng, sentences, words, order):
    """Every kind of context: none, the start, seen, random, with a strange word, too long."""
    yield []
    yield ["<s>"]
    for _ in range(4):
        text = ["<s>", *rng.choice(sentences)]
        end = rng.randint(1, len(text))
        yield text[:end]
        yield text[max(0, end - rng.randint(1, order)) : end]
    yield rng.choices(words, k=max(1, order - 1))
    yield ["<s>", *rng.choices(words, k=max(1, order - 2))]
    yield ["zebra"]
    yield [rng.choice(words), "zebra"]
    yield ["zebra", rng.choice(words)]
    yield rng.choices(words, k=order + 2)


def some_of(rng, words, n):
    return [*rng.sample(words, min(n, len(words))), "</s>", "<unk>", "zebra"]


def vocabulary_of(sentences):
    return {"</s>", "<unk>"}.union(*sentences)


def known(tokens, vocabulary):
    return [t if t in vocabulary or t == "<s>" else "<unk>" for t in tokens]


def cut(context, order):
    return context[-(order - 1) :] if order > 1 else []


def followers(sentences, context):
    """What came next, each time this context was passed."""
    words = []
    for sentence in sentences:
        text = ["<s>", *sentence, "</s>"]
        for t in range(max(1, len(context)), len(text)):
            if text[t - len(context) : t] == list(context):
                words.append(text[t])
    return words


def expect_numbers(got, n, given):
    """Refuse anything but n finite numbers before a test computes with them."""
    expect_that(
        isinstance(got, list | tuple | np.ndarray)
        and len(got) == n
        and all(isinstance(x, int | float) and math.isfinite(x) for x in got),
        expected=f"{n} finite numbers",
        got=got,
        given=given,
    )


def nltk_counts(sentences, order):
    """nltk's counter with our events in it: nltk's own padding makes <s> a word to predict."""
    counter = NgramCounter()
    for sentence in sentences:
        grams = everygrams(["<s>", *sentence, "</s>"], max_len=order)
        counter.update([[gram for gram in grams if gram != ("<s>",)]])
    return counter


def nltk_vocabulary(sentences):
    """The words of the text, </s> and <unk>, so that its size is our V."""
    return Vocabulary(
        [word for sentence in sentences for word in sentence] + ["</s>"], unk_label="<unk>"
    )


# --- AddK -------------------------------------------------------------------------------------


@exercise("ngrams.AddK", weight=2)
def test_add_k_pretends_k_more_sightings_of_every_word(student, rng):
    """P(w | h) is (c(h w) + k) / (Σ_v c(h v) + k V), for any k, order and context."""
    for sentences, order, words in corpora(rng):
        k = Fraction(rng.choice([1, 2, 3, 5, 7, 20]), rng.choice([1, 4, 10]))
        vocabulary = vocabulary_of(sentences)
        model = student.ngrams.AddK(sentences, order, float(k))
        for context in contexts(rng, sentences, words, order):
            after = followers(sentences, known(cut(context, order), vocabulary))
            for word in some_of(rng, words, 2):
                seen = after.count(*known([word], vocabulary))
                expected = (seen + k) / (len(after) + k * len(vocabulary))
                expect(model.prob(word, context), float(expected))


@exercise("ngrams.AddK", weight=2)
def test_add_k_is_a_distribution_after_every_context(student, rng):
    """After every context the probabilities of the vocabulary sum to 1."""
    for sentences, order, words in corpora(rng):
        vocabulary = sorted(vocabulary_of(sentences))
        model = student.ngrams.AddK(sentences, order, rng.choice([0.01, 0.5, 1.0, 3.0]))
        for context in contexts(rng, sentences, words, order):
            row = [model.prob(word, context) for word in vocabulary]
            given = f"the sum of P(w | {context}) over the vocabulary, order {order}"
            expect_numbers(row, len(vocabulary), given)
            expect(math.fsum(row), 1.0, given=given)
            expect_that(min(row) > 0, expected="no probability of zero", got=row, given=given)


@exercise("ngrams.AddK")
def test_add_k_is_uniform_after_an_unseen_context(student, rng):
    """After a context that was never seen every word has probability 1/V."""
    for n_words in range(2, 9):
        words = rng.sample(WORDS, n_words)
        order = rng.randint(2, 4)
        # The words come in one order only, so none comes after the last, and no zebra ever.
        sentences = [[*words], words[: rng.randint(1, n_words - 1)]]
        model = student.ngrams.AddK(sentences, order, rng.uniform(0.1, 4))
        for context in (["zebra"], ["<unk>"], [words[0], "zebra"], [words[-1], words[0]]):
            if order == 2 and context[-1] == words[0]:
                continue  # with one word of context this one was seen
            for word in (rng.choice(words), "</s>", "<unk>", "quagga"):
                expect(model.prob(word, context), 1 / (n_words + 2))


@exercise("ngrams.AddK")
def test_add_k_reads_words_outside_the_vocabulary_as_unk(student, rng):
    """With a given vocabulary, rare words are counted, looked back at and scored as <unk>."""
    for n in range(3, 10):
        words = rng.sample(WORDS, n)
        vocabulary = {*rng.sample(words, n // 2), "axolotl", "</s>", "<unk>"}
        sentences = [words, *random_sentences(rng, n, words, 6)]
        mapped = [known(sentence, vocabulary) for sentence in sentences]
        order, k = rng.randint(1, 3), rng.choice([0.5, 1.0, 2.5])
        model = student.ngrams.AddK(sentences, order, k, vocabulary)
        for context in contexts(rng, sentences, words, order):
            after = followers(mapped, known(cut(context, order), vocabulary))
            for word in (*rng.sample(words, 2), "axolotl", "<unk>", "</s>"):
                seen = after.count(*known([word], vocabulary))
                expected = (seen + k) / (len(after) + k * len(vocabulary))
                expect(model.prob(word, context), expected)


@exercise("ngrams.AddK")
def test_add_k_agrees_with_nltk(student, rng):
    """The probabilities are those of an independent implementation (nltk's Lidstone)."""
    for sentences, order, words in corpora(rng):
        k = rng.uniform(0.05, 2)
        vocabulary = nltk_vocabulary(sentences)
        judge = Lidstone(
            k, order, vocabulary=vocabulary, counter=nltk_counts(sentences, order)
        ).unmasked_score
        model = student.ngrams.AddK(sentences, order, k)
        for context in contexts(rng, sentences, words, order):
            recent = tuple(known(cut(context, order), vocabulary))
            for word in (sentences[0][0], "</s>", "<unk>"):
                expect(model.prob(word, context), judge(word, recent))


# --- Interpolated -----------------------------------------------------------------------------


def exact_components(sentences, order, vocabulary, word, context):
    context = known(context, vocabulary)
    [word] = known([word], vocabulary)
    parts = [Fraction(1, len(vocabulary))]
    for length in range(order):  # of the context
        after = []
        if length <= len(context):
            after = followers(sentences, context[len(context) - length :])
        parts.append(Fraction(after.count(word), len(after)) if after else parts[-1])
    return parts


def random_weights(rng, n):
    """n fractions with sum 1, all different from zero and (almost always) from each other."""
    parts = [rng.randint(1, 40) for _ in range(n)]
    return [Fraction(part, sum(parts)) for part in parts]


@exercise("ngrams.Interpolated", weight=2)
def test_components_are_relative_frequencies_of_every_order(student, rng):
    """components gives 1/V, then the relative frequency of the word for each order."""
    for sentences, order, words in corpora(rng):
        vocabulary = vocabulary_of(sentences)
        weights = [float(w) for w in random_weights(rng, order + 1)]
        model = student.ngrams.Interpolated(sentences, order, weights)
        for context in contexts(rng, sentences, words, order):
            for word in some_of(rng, words, 2):
                parts = exact_components(sentences, order, vocabulary, word, context)
                expect(model.components(word, context), [float(p) for p in parts])


@exercise("ngrams.Interpolated", weight=2)
def test_the_mixture_weighs_each_order(student, rng):
    """prob is the sum of weight times component, the uniform one first."""
    for sentences, order, words in corpora(rng):
        vocabulary = vocabulary_of(sentences)
        weights = random_weights(rng, order + 1)
        model = student.ngrams.Interpolated(sentences, order, [float(w) for w in weights])
        for context in contexts(rng, sentences, words, order):
            for word in some_of(rng, words, 2):
                parts = exact_components(sentences, order, vocabulary, word, context)
                mixed = sum(w * part for w, part in zip(weights, parts, strict=True))
                expect(model.prob(word, context), float(mixed))


@exercise("ngrams.Interpolated")
def test_interpolation_is_a_distribution_after_every_context(student, rng):
    """After every context each component, and their mixture, sums to 1 over the vocabulary."""
    for sentences, order, words in corpora(rng):
        vocabulary = sorted(vocabulary_of(sentences))
        weights = [float(w) for w in random_weights(rng, order + 1)]
        model = student.ngrams.Interpolated(sentences, order, weights)
        for context in contexts(rng, sentences, words, order):
            given = f"sums over the vocabulary after {context}, order {order}"
            row = [model.prob(word, context) for word in vocabulary]
            expect_numbers(row, len(vocabulary), given)
            expect(math.fsum(row), 1.0, given=given)
            table = [model.components(word, context) for word in vocabulary]
            for parts in table:
                expect_numbers(parts, order + 1, given)
            sums = [math.fsum(column) for column in zip(*table, strict=True)]
            expect(sums, [1.0] * (order + 1), given=given)


@exercise("ngrams.Interpolated")
def test_without_a_seen_context_a_component_repeats_the_order_below(student, rng):
    """Where the context is too short or was never seen, P_m is P_{m-1}."""
    for n_words in range(2, 9):
        words = rng.sample(WORDS, n_words)
        order = rng.randint(3, 5)
        sentences = [words * rng.randint(1, 2)]
        total = len(sentences[0]) + 1
        weights = [float(w) for w in random_weights(rng, order + 1)]
        model = student.ngrams.Interpolated(sentences, order, weights)
        at = rng.randrange(1, n_words)
        word, before = words[at], words[at - 1]
        # The word comes once a round, always after the same neighbour, and never after a zebra.
        uniform, unigram = 1 / (n_words + 2), len(sentences[0]) / n_words / total
        bigram = 1.0
        for context, depth in (([], 0), (["zebra"], 0), ([before], 1), (["zebra", before], 1)):
            expected = [uniform, unigram, *([bigram if depth else unigram] * (order - 1))]
            expect(model.components(word, context), expected)


@exercise("ngrams.Interpolated")
def test_interpolation_reads_words_outside_the_vocabulary_as_unk(student, rng):
    """With a given vocabulary, rare words are counted, looked back at and scored as <unk>."""
    for n in range(3, 10):
        words = rng.sample(WORDS, n)
        vocabulary = {*rng.sample(words, n // 2), "axolotl", "</s>", "<unk>"}
        sentences = [words, *random_sentences(rng, n, words, 6)]
        mapped = [known(sentence, vocabulary) for sentence in sentences]
        order = rng.randint(1, 3)
        weights = random_weights(rng, order + 1)
        model = student.ngrams.Interpolated(
            sentences, order, [float(w) for w in weights], vocabulary
        )
        for context in contexts(rng, sentences, words, order):
            for word in (*rng.sample(words, 2), "axolotl", "<unk>", "</s>"):
                parts = exact_components(mapped, order, vocabulary, word, context)
                mixed = sum(w * part for w, part in zip(weights, parts, strict=True))
                expect(model.prob(word, context), float(mixed))


@exercise("ngrams.Interpolated")
def test_components_agree_with_nltk_after_seen_contexts(student, rng):
    """After contexts of the text, each order is an independent implementation's (nltk's MLE)."""
    for sentences, order, _ in corpora(rng):
        counter = nltk_counts(sentences, order)
        vocabulary = nltk_vocabulary(sentences)
        judge = MLE(order, vocabulary=vocabulary, counter=counter).unmasked_score
        model = student.ngrams.Interpolated(sentences, order, [1 / (order + 1)] * (order + 1))
        for sentence in sentences:
            text = ["<s>", *sentence, "</s>"]
            for t in range(order - 1, len(text) - 1):
                # Here all order-1 tokens before the word are there, so no order is missing.
                word, context = text[t + 1], tuple(text[t + 2 - order : t + 1])
                parts = [judge(word, context[order - m :]) for m in range(1, order + 1)]
                expect(model.components(word, list(context)), [1 / len(vocabulary), *parts])


# --- fit_interpolation_weights ----------------------------------------------------------------


def exact_rounds(rows, rounds):
    """E+M in exact arithmetic, token by token."""
    n = len(rows[0])
    weights = [Fraction(1, n)] * n
    for _ in range(rounds):
        owed = [Fraction(0)] * n
        for row in rows:
            mixture = sum(w * p for w, p in zip(weights, row, strict=True))
            for m in range(n):
                owed[m] += weights[m] * row[m] / mixture
        weights = [share / len(rows) for share in owed]
    return weights


def mean_log_likelihood(components, weights):
    return float(np.log(components @ weights).mean())


def planted(rng, n_tokens, weights):
    """Each token is likely under one component, drawn by weight, and unlikely under the rest."""
    rows = []
    for _ in range(n_tokens):
        row = [rng.uniform(0.001, 0.02) for _ in weights]
        row[rng.choices(range(len(weights)), weights)[0]] = rng.uniform(0.3, 0.9)
        rows.append(row)
    return np.array(rows)


@exercise("ngrams.fit_interpolation_weights", weight=2)
def test_each_round_is_one_expectation_and_one_maximisation(student, rng):
    """From equal weights, the given number of rounds gives the weights of the E and M formulas."""
    for n_tokens, n, rounds in (
        (1, 2, 1),
        (2, 2, 1),
        (3, 2, 2),
        (5, 3, 1),
        (4, 3, 2),
        (6, 4, 3),
        (5, 2, 4),
        (3, 5, 0),
    ):
        # Sixteenths have no rounding, so the only difference is that of the method.
        rows = [[Fraction(rng.randint(1, 15), 16) for _ in range(n)] for _ in range(n_tokens)]
        got = student.ngrams.fit_interpolation_weights(np.array(rows, dtype=np.float64), rounds)
        expect(got, np.array(exact_rounds(rows, rounds), dtype=np.float64))


@exercise("ngrams.fit_interpolation_weights")
def test_more_rounds_never_make_the_text_less_likely(student, rng):
    """With each round held-out text gets likelier or stays as it is, and weights sum to 1."""
    for n_tokens, n in ((10, 2), (20, 3), (40, 4), (60, 5)):
        # One component is best for nearly all tokens, so that the first round must help.
        components = planted(rng, n_tokens, [20, *[1] * (n - 1)])
        likelihoods = []
        for rounds in (0, 1, 2, 3, 5, 10, 30):
            weights = student.ngrams.fit_interpolation_weights(components, rounds)
            given = f"{n_tokens} x {n} components, {rounds} rounds"
            expect_numbers(weights, n, given)
            expect_that(min(weights) >= 0, expected="no negative weight", got=weights, given=given)
            expect(float(np.sum(weights)), 1.0, given=f"the sum of the weights, {given}")
            likelihoods.append(mean_log_likelihood(components, weights))
        expect_that(
            all(later >= earlier - 1e-12 for earlier, later in pairwise(likelihoods))
            and likelihoods[1] > likelihoods[0] + 1e-3,
            expected="a log-likelihood that rises with the rounds",
            got=likelihoods,
            given="0, 1, 2, 3, 5, 10 and 30 rounds",
        )


@exercise("ngrams.fit_interpolation_weights", weight=2)
def test_two_weights_reach_the_maximum(student, rng):
    """For two components many rounds find the weights where the likelihood is greatest."""
    for n_tokens in (2, 3, 5, 10, 30, 100):
        while True:
            components = planted(rng, n_tokens, [1, rng.uniform(0.4, 2.5)])
            first, second = components.T

            def slope(weight, p=first, q=second):
                return float(((p - q) / (weight * p + (1 - weight) * q)).mean())

            if slope(0.0) > 0.5 and slope(1.0) < -0.5:
                break  # The maximum lies well within, where EM converges fast.
        best = brentq(slope, 0.0, 1.0, xtol=1e-14)
        got = student.ngrams.fit_interpolation_weights(components, 400)
        expect(got, np.array([best, 1 - best]), tolerance=1e-7)


@exercise("ngrams.fit_interpolation_weights")
def test_many_weights_come_near_the_best_possible_likelihood(student, rng):
    """After N rounds the mean log-likelihood is at most ln(M)/N below the best possible."""
    for n_tokens, n in ((12, 3), (40, 4), (80, 6)):
        components = planted(rng, n_tokens, [rng.uniform(0.2, 1) ** 3 for _ in range(n)])

        def loss(z, p=components):
            z = np.exp(z - z.max())  # softmax: every z is a point of the simplex
            weights = z / z.sum()
            mixture = p @ weights
            gradient = (p / mixture[:, None]).mean(axis=0)
            return -float(np.log(mixture).mean()), -weights * (gradient - gradient @ weights)

        best = -minimize(loss, np.zeros(n), jac=True, method="BFGS").fun
        rounds = rng.randint(150, 250)
        weights = student.ngrams.fit_interpolation_weights(components, rounds)
        given = f"{n_tokens} x {n} components, {rounds} rounds"
        expect_numbers(weights, n, given)
        expect_that(min(weights) >= 0, expected="no negative weight", got=weights, given=given)
        expect(float(np.sum(weights)), 1.0, given=f"the sum of the weights, {given}")
        # EM from equal weights keeps this bound whatever the text (Csiszár & Tusnády, 1984).
        least = best - math.log(n) / rounds
        got = mean_log_likelihood(components, weights)
        expect_that(
            got >= least,
            expected=f"at least {least:.5f}",
            got=got,
            given=f"the mean log-likelihood, {given}",
        )


@exercise("ngrams.fit_interpolation_weights")
def test_only_ratios_within_a_row_matter(student, rng):
    """A rare token counts as much as a frequent one: only the ratios within its row matter."""
    for n_tokens, n in ((1, 2), (3, 2), (5, 3), (20, 4)):
        rows = [[Fraction(rng.randint(1, 15), 16) for _ in range(n)] for _ in range(n_tokens)]
        scales = np.array([[2.0 ** -rng.randint(0, 60)] for _ in range(n_tokens)])
        components = np.array(rows, dtype=np.float64) * scales
        got = student.ngrams.fit_interpolation_weights(components, 2)
        expect(got, np.array(exact_rounds(rows, 2), dtype=np.float64))


@exercise("ngrams.fit_interpolation_weights")
def test_tokens_that_one_component_explains_are_shared_out(student, rng):
    """Where each token is possible under one component only, its weight is its share of them."""
    for n in range(2, 7):
        owners = [rng.randrange(n) for _ in range(n * rng.randint(1, 8))]
        components = np.zeros((len(owners), n))
        for t, m in enumerate(owners):
            components[t, m] = rng.uniform(1e-6, 1)
        share = np.array([owners.count(m) / len(owners) for m in range(n)])
        for rounds in (1, 7, 100):
            expect(student.ngrams.fit_interpolation_weights(components, rounds), share)
        expect(student.ngrams.fit_interpolation_weights(components), share)


# --- StupidBackoff ----------------------------------------------------------------------------


def exact_score(sentences, alpha, word, context):
    after = followers(sentences, context)
    if not context or word in after:
        return Fraction(after.count(word), len(after))
    return alpha * exact_score(sentences, alpha, word, context[1:])


@exercise("ngrams.StupidBackoff", weight=2)
def test_backoff_uses_the_longest_ngram_that_was_seen(student, rng):
    """The score is the relative frequency of the longest seen n-gram, times α for each step."""
    for sentences, order, words in corpora(rng):
        alpha = Fraction(rng.randint(1, 9), 10)
        vocabulary = vocabulary_of(sentences)
        model = student.ngrams.StupidBackoff(sentences, order, float(alpha))
        for context in contexts(rng, sentences, words, order):
            recent = known(cut(context, order), vocabulary)
            for word in some_of(rng, words, 2):
                [token] = known([word], vocabulary)
                expected = exact_score(sentences, alpha, token, recent)
                expect(model.score(word, context), float(expected))


@exercise("ngrams.StupidBackoff")
def test_backoff_agrees_with_nltk(student, rng):
    """The scores are those of an independent implementation (nltk's StupidBackoff)."""
    for sentences, order, words in corpora(rng):
        alpha = rng.uniform(0.1, 0.9)
        vocabulary = nltk_vocabulary(sentences)
        judge = StupidBackoff(
            alpha, order, vocabulary=vocabulary, counter=nltk_counts(sentences, order)
        ).unmasked_score
        model = student.ngrams.StupidBackoff(sentences, order, alpha)
        for context in contexts(rng, sentences, words, order):
            recent = tuple(known(cut(context, order), vocabulary))
            for word in (*sentences[0], "</s>"):
                expect(model.score(word, context), judge(word, recent))


@exercise("ngrams.StupidBackoff", weight=2)
def test_every_dropped_token_costs_alpha(student, rng):
    """Each token of context that has to be dropped multiplies the score by α."""
    for length in range(1, 6):
        for kept in range(length + 1):
            words = rng.sample(WORDS, length + 2)
            context, stranger, word = words[:length], words[-2], words[-1]
            # Only the last `kept` tokens of the context ever come before the word.
            sentences = [context, [stranger, *context[length - kept :], word]]
            # This end was passed twice, and once the word came; without it, the word is one of
            # all that were predicted.
            frequency = 1 / 2 if kept else 1 / (length + 4)
            alpha = rng.uniform(0.2, 0.9)
            model = student.ngrams.StupidBackoff(sentences, length + 1, alpha)
            expect(model.score(word, context), alpha ** (length - kept) * frequency)


@exercise("ngrams.StupidBackoff")
def test_what_was_seen_costs_nothing(student, rng):
    """An n-gram that was seen, or a context shorter than n-1 tokens, pays no α."""
    for sentences, order, _ in corpora(rng):
        order += 1
        alpha = rng.uniform(0.0, 0.3)
        model = student.ngrams.StupidBackoff(sentences, order, alpha)
        for sentence in sentences:
            text = ["<s>", *sentence, "</s>"]
            for t in range(1, len(text)):
                for start in range(max(0, t - order + 1), t + 1):
                    after = followers(sentences, text[start:t])
                    expected = after.count(text[t]) / len(after)
                    expect(model.score(text[t], text[start:t]), expected)


@exercise("ngrams.StupidBackoff")
def test_backoff_reads_words_outside_the_vocabulary_as_unk(student, rng):
    """With a given vocabulary, rare words score as <unk>; a word never seen scores 0."""
    for n in range(3, 10):
        words = rng.sample(WORDS, n)
        vocabulary = {*rng.sample(words, n // 2), "axolotl", "</s>", "<unk>"}
        sentences = [words, *random_sentences(rng, n, words, 6)]
        mapped = [known(sentence, vocabulary) for sentence in sentences]
        order, alpha = rng.randint(1, 3), Fraction(rng.randint(1, 9), 10)
        model = student.ngrams.StupidBackoff(sentences, order, float(alpha), vocabulary)
        for context in contexts(rng, sentences, words, order):
            recent = known(cut(context, order), vocabulary)
            for word in (*rng.sample(words, 2), "axolotl", "<unk>", "zebra"):
                [token] = known([word], vocabulary)
                expected = exact_score(mapped, alpha, token, recent)
                expect(model.score(word, context), float(expected))


# --- continuation_counts ----------------------------------------------------------------------


def random_counts(rng, order, n, words, zeros=False):
    """n draws of n-grams over few words, so that ends are shared, with counts of any size."""
    counts = {}
    for _ in range(n):
        gram = (rng.choice(["<s>", *words]), *rng.choices([*words, "</s>"], k=order - 1))
        counts[gram] = rng.choice([1, 1, 2, 3, 50, 10**9])
        if zeros and rng.random() < 0.4:
            counts[gram] = 0
    return counts


def without_zeros(got):
    """A key with nothing before it may be left out or stand at 0."""
    if not isinstance(got, dict):
        return got
    return {
        g: n for g, n in got.items() if not (isinstance(n, int) and not isinstance(n, bool)) or n
    }


def preceding(counts):
    """For each end, how many different tokens come before it."""
    ends = {gram[1:] for gram, count in counts.items() if count}
    tokens = {gram[0] for gram in counts}
    return {g: sum(counts.get((v, *g), 0) > 0 for v in tokens) for g in ends}


@exercise("ngrams.continuation_counts", weight=2)
def test_words_are_counted_by_what_precedes_them(student, rng):
    """For bigrams, each word's number of different tokens before it, <s> among them."""
    for n in (1, 2, 4, 8, 20, 60):
        counts = random_counts(rng, 2, n, rng.sample(WORDS, rng.randint(2, 7)))
        got = student.ngrams.continuation_counts(counts)
        expect(without_zeros(got), preceding(counts))


@exercise("ngrams.continuation_counts", weight=2)
def test_longer_ends_are_counted_by_what_precedes_them(student, rng):
    """For n-grams of any order the ends are (n-1)-grams, each with its different tokens before."""
    for order in (3, 4, 5):
        for n in (1, 3, 10, 80):
            words = rng.sample(WORDS, rng.randint(2, 3))
            counts = random_counts(rng, order, n, words)
            got = student.ngrams.continuation_counts(counts)
            expect(without_zeros(got), preceding(counts))


@exercise("ngrams.continuation_counts")
def test_how_often_does_not_matter(student, rng):
    """How often an n-gram was seen makes no difference, once or a billion times."""
    for n in (1, 3, 10, 40):
        order = rng.randint(2, 4)
        counts = random_counts(rng, order, n, rng.sample(WORDS, 3))
        expected = preceding(counts)
        for most in (1, 2, 10**12):
            reweighted = {gram: rng.randint(1, most) for gram in counts}
            got = student.ngrams.continuation_counts(reweighted)
            expect(without_zeros(got), expected)


@exercise("ngrams.continuation_counts")
def test_ngrams_with_count_zero_do_not_count(student, rng):
    """An n-gram that stands in the table with count zero was not seen."""
    for n in (4, 8, 20, 60):
        counts = random_counts(rng, rng.randint(2, 3), n, rng.sample(WORDS, 3), zeros=True)
        first = next(iter(counts))
        # One end is seen for sure, and one n-gram with this end is not.
        counts[first], counts[("quagga", *first[1:])] = 1, 0
        got = student.ngrams.continuation_counts(counts)
        expect(without_zeros(got), preceding(counts))


@exercise("ngrams.continuation_counts")
def test_each_ngram_is_counted_at_one_end(student, rng):
    """Summed over all ends, the counts give the number of different n-grams."""
    for n in (1, 5, 30, 200):
        order = rng.randint(2, 4)
        counts = random_counts(rng, order, n, rng.sample(WORDS, 6))
        got = student.ngrams.continuation_counts(counts)
        expect_that(
            isinstance(got, dict) and set(got) == {gram[1:] for gram in counts},
            expected=f"the {order - 1}-grams that end the {order}-grams, as keys",
            got=got,
        )
        expect_numbers(list(got.values()), len(got), "the continuation counts")
        expect(sum(got.values()), len(counts), given=f"the sum of {n} draws' continuation counts")


# --- modified_discounts -----------------------------------------------------------------------


def counts_of_counts(rng, frequencies, more=0):
    """N-grams of which frequencies[r-1] have count r, and `more` have greater ones; shuffled."""
    values = [r for r, n in enumerate(frequencies, start=1) for _ in range(n)]
    values += [rng.choice([5, 6, 9, 40, 1000]) for _ in range(more)]
    rng.shuffle(values)
    order = rng.randint(1, 3)
    return {tuple(f"{rng.choice(WORDS)}{i}" for _ in range(order)): v for i, v in enumerate(values)}


def exact_discounts(n_1, n_2, n_3, n_4):
    y = Fraction(n_1, n_1 + 2 * n_2)
    return [
        r - (r + 1) * y * Fraction(above, n)
        for r, n, above in ((1, n_1, n_2), (2, n_2, n_3), (3, n_3, n_4))
    ]


def draw_frequencies(rng, biggest, wanted):
    """Random n_1 … n_4 whose exact discounts are as wanted, none of them just at zero."""
    while True:
        frequencies = [rng.randint(1, biggest) for _ in range(4)]
        discounts = exact_discounts(*frequencies)
        if 0 not in discounts and wanted(discounts):
            return frequencies, discounts


def sensible(discounts):
    return all(discount > 0 for discount in discounts)


@exercise("ngrams.modified_discounts", weight=2)
def test_discounts_follow_equation_26(student, rng):
    """D_1, D_2 and D_3+ follow from n_1 … n_4 by the formulas, where these are sensible."""
    for biggest in (3, 5, 10, 30, 100):
        for _ in range(3):
            frequencies, discounts = draw_frequencies(rng, biggest, sensible)
            counts = counts_of_counts(rng, frequencies, more=rng.randint(0, 2 * biggest))
            expect(student.ngrams.modified_discounts(counts), [float(d) for d in discounts])


@exercise("ngrams.modified_discounts")
def test_discounts_of_a_falling_curve(student, rng):
    """With counts as in real text, many ones and ever fewer of each next, no formula fails."""
    for scale in (60, 200, 1000, 4000):
        # Zipf: n_r falls about like 1/(r (r + 1)).
        frequencies = [
            max(2, round(scale / (r * (r + 1)) * rng.uniform(0.9, 1.1))) for r in (1, 2, 3, 4)
        ]
        counts = counts_of_counts(rng, frequencies, more=scale // 5)
        expected = [float(d) for d in exact_discounts(*frequencies)]
        expect(student.ngrams.modified_discounts(counts), expected)


@exercise("ngrams.modified_discounts")
def test_too_little_data_gives_the_fallback(student, rng):
    """Where one of n_1 … n_4 is zero, all three discounts are the fallback's."""
    expect(student.ngrams.modified_discounts({}), (0.5, 1.0, 1.5))
    for biggest in (2, 5, 20):
        for missing in range(4):
            frequencies, discounts = draw_frequencies(rng, biggest, sensible)
            full = counts_of_counts(rng, frequencies, more=2)
            expect(student.ngrams.modified_discounts(full), [float(d) for d in discounts])
            frequencies[missing] = 0
            counts = counts_of_counts(rng, frequencies, more=rng.randint(0, 4))
            expect(student.ngrams.modified_discounts(counts), (0.5, 1.0, 1.5))


@exercise("ngrams.modified_discounts")
def test_one_bad_discount_gives_the_fallback(student, rng):
    """Where any discount would be negative, all three are the fallback's."""
    bad_second = draw_frequencies(rng, 12, lambda d: d[1] < 0 < d[2])
    bad_third = draw_frequencies(rng, 12, lambda d: d[2] < 0 < d[1])
    both = draw_frequencies(rng, 12, lambda d: d[1] < 0 and d[2] < 0)
    for frequencies, _ in (bad_second, bad_third, both):
        counts = counts_of_counts(rng, frequencies, more=rng.randint(0, 4))
        expect(student.ngrams.modified_discounts(counts), (0.5, 1.0, 1.5))
    frequencies, discounts = draw_frequencies(rng, 12, sensible)
    counts = counts_of_counts(rng, frequencies, more=3)
    expect(student.ngrams.modified_discounts(counts), [float(d) for d in discounts])


@exercise("ngrams.modified_discounts")
def test_a_discount_of_exactly_zero_is_sensible(student, rng):
    """A discount of exactly 0 is within its bounds and no reason for the fallback."""
    # Y is 1/2 or 1/4, and n_4/n_3 makes D_3+ zero; all of it without any rounding.
    for frequencies in ((4, 2, 2, 3), (8, 4, 2, 3), (2, 3, 3, 9)):
        counts = counts_of_counts(rng, frequencies, more=rng.randint(0, 5))
        expected = [float(d) for d in exact_discounts(*frequencies)]
        expect(student.ngrams.modified_discounts(counts), expected)
