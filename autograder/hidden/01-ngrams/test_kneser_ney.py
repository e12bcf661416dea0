from collections import Counter
from fractions import Fraction
from functools import cache
from itertools import product

import pytest

from autograder.testing import exercise, expect, expect_that, show

BOS, EOS, UNK = "<s>", "</s>", "<unk>"


# --- Inputs -----------------------------------------------------------------------------------


def random_sentences(rng, n, words, longest):
    """Sentences in which early words are more frequent than late ones; some are empty."""
    weights = [1 / (rank + 1) for rank in range(len(words))]
    return [rng.choices(words, weights, k=rng.randint(0, longest)) for _ in range(n)]


def random_words(rng, n):
    """Words that no table can foresee."""
    return rng.sample([a + b for a, b in product("abcdefghijklm", "nopqrstuvwxyz")], n)


def random_discounts(rng, order):
    """(D_1, D_2, D_3+) for each order, exact, with 0 <= D_r <= r."""
    return [tuple(Fraction(rng.randint(0, 20 * r), 20) for r in (1, 2, 3)) for _ in range(order)]


def as_floats(discounts):
    return [tuple(map(float, row)) for row in discounts]


def random_contexts(rng, words, longest, n):
    """Contexts of all lengths: at the start of a sentence or within, some never seen."""
    contexts = [[], [BOS], *([word] for word in words), *([BOS, word] for word in words)]
    for _ in range(n):
        context = rng.choices(words, k=rng.randint(1, max(2, longest)))
        contexts.append([BOS, *context] if rng.random() < 0.4 else context)
    return contexts


# --- Oracles ----------------------------------------------------------------------------------


class Formula:
    """P(w | h) of modified Kneser-Ney, by recursion on the formula and in fractions."""

    def __init__(self, sentences, order, vocabulary=None, discounts=None):
        if vocabulary is None:
            vocabulary = {word for sentence in sentences for word in sentence} | {EOS, UNK}
        self.order, self.vocabulary = order, set(vocabulary)
        texts = [(BOS, *map(self.known, sentence), EOS) for sentence in sentences]
        self.windows = [
            [t[i : i + m] for t in texts for i in range(len(t) - m + 1)] for m in range(order + 2)
        ]
        self.types = [set(windows) for windows in self.windows]
        self.often = Counter(window for windows in self.windows for window in windows)
        self.a, self.p = cache(self.a), cache(self.p)
        self.discounts = discounts or [self.estimated(m) for m in range(1, order + 1)]

    def known(self, word):
        return word if word in self.vocabulary else UNK

    def a(self, gram):
        """How often it occurs, or for lower orders how many tokens occur before it."""
        if len(gram) == self.order or gram[0] == BOS:
            return self.often[gram]
        return len({longer[0] for longer in self.types[len(gram) + 1] if longer[1:] == gram})

    def estimated(self, m):
        """Chen and Goodman's equation 26, with n_r from the counts a of order m."""
        n = Counter(self.a(gram) for gram in self.types[m] if gram != (BOS,))
        if not (n[1] and n[2] and n[3] and n[4]):
            return Fraction(1, 2), Fraction(1), Fraction(3, 2)
        y = Fraction(n[1], n[1] + 2 * n[2])
        exact = [r - (r + 1) * y * Fraction(n[r + 1], n[r]) for r in (1, 2, 3)]
        if any(not 0 <= exact[r - 1] <= r for r in (1, 2, 3)):
            return Fraction(1, 2), Fraction(1), Fraction(3, 2)
        return tuple(exact)

    def borderline(self):
        """Is a discount exactly 0 or r? Then rounding decides whether it is a sensible one."""
        return any(d in (0, r) for row in self.discounts for r, d in enumerate(row, start=1))

    def all_by_default(self):
        """Was there too little text to estimate any discount?"""
        return all(row == (Fraction(1, 2), 1, Fraction(3, 2)) for row in self.discounts)

    def taken(self, gram):
        count = self.a(gram)
        return self.discounts[len(gram) - 1][min(count, 3) - 1] if count else Fraction(0)

    def p(self, word, h):
        below = self.p(word, h[1:]) if h else Fraction(1, len(self.vocabulary))
        total = sum(self.a((*h, v)) for v in self.vocabulary)
        if total == 0:
            return below
        freed = sum(self.taken((*h, v)) for v in self.vocabulary)
        return (self.a((*h, word)) - self.taken((*h, word)) + freed * below) / total

    def prob(self, word, context=()):
        recent = list(context)[max(0, len(context) - self.order + 1) :]
        h = tuple(t if t == BOS else self.known(t) for t in recent)
        return float(self.p(self.known(word), h))


def looked_up(order, vocabulary, probabilities, backoffs, word, context):
    """P(w | h) of a table, by recursion on the definition."""

    def known(token):
        return token if token in vocabulary else UNK

    def p(w, h):
        if (*h, w) in probabilities:
            return probabilities[(*h, w)]
        return backoffs.get(h, 1.0) * p(w, h[1:])

    recent = list(context)[max(0, len(context) - order + 1) :]
    return p(known(word), tuple(t if t == BOS else known(t) for t in recent))


def random_table(rng, order, words):
    """A table with gaps of every kind. Its rows need not sum to 1: looking up is all we test."""
    vocabulary = [*words, EOS, UNK]
    probabilities = {(word,): rng.random() for word in vocabulary}
    backoffs = {}
    for m in range(2, order + 1):
        for _ in range(4 * len(words)):
            start = [BOS] if rng.random() < 0.3 else [rng.choice(words)]
            middle = rng.choices([*words, UNK], k=m - 2)
            probabilities[(*start, *middle, rng.choice(vocabulary))] = rng.random()
    for gram in [g for g in probabilities if len(g) > 1]:
        if rng.random() < 0.8:
            backoffs[gram[:-1]] = 2 * rng.random()
    for _ in range(2 * len(words)):  # weights of contexts that no n-gram begins with
        backoffs[tuple(rng.choices(words, k=rng.randint(1, max(1, order - 1))))] = rng.random()
    return vocabulary, probabilities, backoffs


# --- BackoffModel -----------------------------------------------------------------------------


@exercise("ngrams.BackoffModel", weight=2)
def test_looks_up_or_backs_off(student, rng):
    """Stored n-grams have their probability; others the shorter one times the weight."""
    for order in (1, 2, 3, 4):
        words = random_words(rng, order + 1)
        vocabulary, probabilities, backoffs = random_table(rng, order, words)
        model = student.ngrams.BackoffModel(order, vocabulary, probabilities, backoffs)
        contexts = random_contexts(rng, words, order, 20)
        for context in [*contexts, *(list(gram[:-1]) for gram in probabilities)]:
            context = context[max(0, len(context) - order + 1) :]
            for word in vocabulary:
                expected = looked_up(order, vocabulary, probabilities, backoffs, word, context)
                expect(model.prob(word, context), float(expected))


@exercise("ngrams.BackoffModel")
def test_uses_only_the_last_tokens_of_a_long_context(student, rng):
    """Of a long context only the last n-1 tokens matter."""
    for order in (1, 2, 3):
        words = random_words(rng, 3)
        vocabulary, probabilities, backoffs = random_table(rng, order, words)
        # Longer n-grams than the order promises are there, but are never to be read.
        extra = {(*rng.choices(words, k=order), w): 0.123 for w in words}
        model = student.ngrams.BackoffModel(order, vocabulary, probabilities | extra, backoffs)
        for gram in extra:
            context = list(gram[:-1])
            expected = looked_up(order, vocabulary, probabilities, backoffs, gram[-1], context)
            expect(model.prob(gram[-1], context), float(expected))
        for _ in range(40):
            word, context = rng.choice(words), [BOS, *rng.choices(words, k=rng.randint(2, 6))]
            expected = looked_up(order, vocabulary, probabilities, backoffs, word, context)
            expect(model.prob(word, context), float(expected))


@exercise("ngrams.BackoffModel")
def test_a_context_without_a_weight_costs_nothing(student, rng):
    """A context without a stored weight has weight 1."""
    for order in (2, 3, 4):
        words = random_words(rng, 4)
        probabilities = {(word,): rng.random() for word in [*words, EOS, UNK]}
        model = student.ngrams.BackoffModel(order, [*words, EOS, UNK], probabilities, {})
        for context in random_contexts(rng, words, order - 1, 10):
            word = rng.choice(words)
            expect(model.prob(word, context[: order - 1]), probabilities[(word,)])


@exercise("ngrams.BackoffModel")
def test_zero_is_a_probability_and_a_weight_like_others(student, rng):
    """A stored zero counts as stored, be it a probability or a weight."""
    for _ in range(20):
        a, b, c = random_words(rng, 3)
        vocabulary = [a, b, c, EOS, UNK]
        probabilities = {(word,): 0.1 + rng.random() for word in vocabulary}
        probabilities |= {(a, b): 0.0, (b, c): 0.1 + rng.random()}
        backoffs = {(a,): 0.5, (b,): 0.0}
        model = student.ngrams.BackoffModel(2, vocabulary, probabilities, backoffs)
        expect(model.prob(b, [a]), 0.0)
        expect(model.prob(c, [a]), 0.5 * probabilities[(c,)])
        expect(model.prob(a, [b]), 0.0)
        expect(model.prob(c, [b]), probabilities[(b, c)])


@exercise("ngrams.BackoffModel")
def test_reads_unknown_words_as_unk(student, rng):
    """Words outside the vocabulary are read as <unk>, in the context too; <s> is not."""
    for order in (1, 2, 3):
        words = random_words(rng, 4)
        stranger, words = words[0], words[1:]
        vocabulary, probabilities, backoffs = random_table(rng, order, words)
        for word in vocabulary:
            if order > 1:
                probabilities[(UNK, word)] = rng.random()
                probabilities[(BOS, word)] = rng.random()
        model = student.ngrams.BackoffModel(order, frozenset(vocabulary), probabilities, backoffs)
        for context in ([], [stranger], [BOS], [stranger, words[0]], [BOS, stranger]):
            for word in (stranger, words[0], UNK):
                expected = looked_up(order, vocabulary, probabilities, backoffs, word, context)
                expect(model.prob(word, context), float(expected))


# --- kneser_ney -------------------------------------------------------------------------------


@exercise("ngrams.kneser_ney", weight=2)
def test_follows_the_formula_with_given_discounts(student, rng):
    """With given discounts every probability is the one of the formula."""
    for order, n_words, n in ((1, 2, 2), (2, 2, 3), (2, 4, 12), (3, 3, 15), (4, 3, 20)):
        words = random_words(rng, n_words)
        sentences = random_sentences(rng, n, words, 6)
        discounts = random_discounts(rng, order)
        oracle = Formula(sentences, order, discounts=discounts)
        model = student.ngrams.kneser_ney.obj(sentences, order, discounts=as_floats(discounts))
        for context in random_contexts(rng, words, order, 12):
            for word in [*words, EOS, UNK]:
                expect(model.prob(word, context), oracle.prob(word, context))


@exercise("ngrams.kneser_ney", weight=2)
def test_estimates_the_discounts_of_each_order(student, rng):
    """Without given discounts each order's own are estimated from the counts that it uses."""
    for order, n_words, n in ((1, 8, 8), (2, 3, 4), (2, 8, 60), (3, 6, 90)):
        words = random_words(rng, n_words)
        oracle = None
        while oracle is None or oracle.borderline() or (n > 50 and oracle.all_by_default()):
            sentences = random_sentences(rng, n, words, 8)
            oracle = Formula(sentences, order)
        model = student.ngrams.kneser_ney.obj(sentences, order)
        for context in random_contexts(rng, words, order, 12):
            for word in [*words, EOS, UNK]:
                expect(model.prob(word, context), oracle.prob(word, context))


@exercise("ngrams.kneser_ney", weight=2)
def test_sums_to_one_after_every_context(student, rng):
    """After every context the probabilities sum to 1, and none is negative."""
    for order, n_words, n in ((1, 2, 0), (2, 2, 1), (2, 3, 10), (3, 4, 20), (4, 4, 30)):
        words = random_words(rng, n_words)
        sentences = random_sentences(rng, n, words, 7)
        seen = {word for sentence in sentences for word in sentence}
        contexts = random_contexts(rng, [*words, "never"], order + 1, 10)
        # In the second vocabulary a word is missing, so that <unk> is seen, and one never occurs.
        for vocabulary in (None, [*words[1:], "rare", EOS, UNK]):
            for discounts in (None, as_floats(random_discounts(rng, order))):
                model = student.ngrams.kneser_ney.obj(sentences, order, vocabulary, discounts)
                told = f"kneser_ney({show(sentences)}, {order}, {vocabulary}, {discounts})"
                for context in contexts:
                    row = [model.prob(word, context) for word in vocabulary or [*seen, EOS, UNK]]
                    for p in row:
                        fine = isinstance(p, int | float) and p >= 0
                        given = f"prob(…, {context}) of {told}"
                        expect_that(fine, expected="a probability", got=p, given=given)
                    expect(float(sum(row)), 1.0, given=f"the sum of prob(…, {context}) of {told}")


@exercise("ngrams.kneser_ney")
def test_respects_a_given_vocabulary(student, rng):
    """With a given vocabulary other words are counted as <unk>, and unseen ones share."""
    for order, n in ((1, 4), (2, 6), (3, 15)):
        words = random_words(rng, 5)
        sentences = random_sentences(rng, n, words, 6)
        discounts = random_discounts(rng, order)
        vocabulary = [*words[1:4], "rare", EOS, UNK]
        oracle = Formula(sentences, order, vocabulary, discounts)
        model = student.ngrams.kneser_ney.obj(sentences, order, vocabulary, as_floats(discounts))
        for context in random_contexts(rng, [*words, "rare"], order, 10):
            for word in [*words, "rare", "never", EOS, UNK]:
                expect(model.prob(word, context), oracle.prob(word, context))


@exercise("ngrams.kneser_ney")
def test_agrees_with_nltk(student, rng):
    """With one discount for all counts it agrees with NLTK's Kneser-Ney model."""
    lm = pytest.importorskip("nltk.lm", reason="nltk is the second opinion of this test")
    for order, n in ((2, 4), (2, 15), (3, 25)):
        words = random_words(rng, 4)
        sentences = [s for s in random_sentences(rng, n, words, 7) if s] + [words]
        d = rng.randint(1, 19) / 20
        padded = [(BOS, *sentence, EOS) for sentence in sentences]
        grams = [
            [t[i : i + m] for m in range(1, order + 1) for i in range(len(t) - m + 1)]
            for t in padded
        ]
        theirs = lm.KneserNeyInterpolated(order, discount=d)
        theirs.fit(grams, [token for t in padded for token in t])
        # NLTK neither discounts single words nor mixes them with the uniform distribution.
        discounts = [(0.0, 0.0, 0.0), *[(d, d, d)] * (order - 1)]
        ours = student.ngrams.kneser_ney.obj(sentences, order, discounts=discounts)
        # Below the highest order it has no count for n-grams that begin with <s>.
        starts = [[BOS]] if order == 2 else []
        contexts = [[], *starts, *([w] for w in words)]
        contexts += [rng.choices(words, k=order - 1) for _ in range(10)]
        for context in contexts:
            for word in [*words, EOS]:
                expect(ours.prob(word, context), float(theirs.score(word, context)))


@exercise("ngrams.kneser_ney")
def test_words_alone_are_counted_by_what_precedes_them(student, rng):
    """Without context, saying a sentence again does not make its words more likely."""
    for order in (2, 3):
        words = random_words(rng, 4)
        sentences = [s for s in random_sentences(rng, 10, words, 6) if s] + [words]
        discounts = as_floats(random_discounts(rng, order))
        again = sentences + [rng.choice(sentences)] * rng.randint(1, 5)
        rng.shuffle(again)
        once = student.ngrams.kneser_ney.obj(sentences, order, discounts=discounts)
        more = student.ngrams.kneser_ney.obj(again, order, discounts=discounts)
        oracle = Formula(sentences, order, discounts=discounts)
        for word in [*words, EOS, UNK]:
            expect(once.prob(word, []), oracle.prob(word))
            expect(more.prob(word, []), oracle.prob(word))
