"""N-gram language models: predict a word from the few words before it, by counting.

A sentence w_1 … w_T is written left to right; a model of order n looks back n-1 words:

    P(w_1 … w_T </s>) = Π_t P(w_t | w_{t-n+1} … w_{t-1})        (the chain rule, cut short)

Everything below is a way to estimate those factors although most n-grams are never seen.

Conventions, the same in every function
    token       a string; a sentence is a list of tokens, without any marker
    <s> </s>    one begin marker before each sentence and one end marker after it;
                </s> is predicted like a word, <s> is only ever looked back at
    <unk>       stands for every word outside the vocabulary
    n-gram      a tuple of n tokens: n-1 tokens of context, then the word they predict
    context     the tokens before a word, oldest first; the first word's context is (<s>,)

Letters: n order, V vocabulary size (with </s> and <unk>, without <s>), T tokens,
c(·) a count, h a context, h' the context without its oldest token.

Sources: Chen & Goodman (1999), Jurafsky & Martin (Speech and Language Processing, chapter 3).
"""

import math
import random
import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Protocol

import numpy as np
from jaxtyping import Float

BOS, EOS, UNK = "<s>", "</s>", "<unk>"

Sentence = Sequence[str]
Ngram = tuple[str, ...]


class LanguageModel(Protocol):
    """Anything that gives each word of its vocabulary a probability after a context."""

    order: int
    vocabulary: Collection[str]

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """P(word | context). Words outside the vocabulary count as <unk>."""
        ...


# --- Counting ---------------------------------------------------------------------------------


def pad(sentence: Sentence) -> list[str]:
    """Put the sentence between its markers: ["a"] → ["<s>", "a", "</s>"]."""
    return [BOS, *sentence, EOS]


def count_ngrams(sentences: Iterable[Sentence], order: int) -> Counter[Ngram]:
    """Count every n-gram of exactly this order in the padded sentences, which stay unchanged.

    An n-gram is an event, its last token predicted from the others, so the bare ("<s>",) of
    order 1 is not counted. N-grams never cross from one sentence into the next.

    Args:
        sentences: token lists without markers.
        order: n ≥ 1, the length of the tuples.

    Returns:
        A Counter from n-gram (a tuple of `order` strings) to how often it occurs.

    Example:
        >>> count_ngrams([["a", "a"]], 2)
        Counter({("<s>", "a"): 1, ("a", "a"): 1, ("a", "</s>"): 1})
    """
    raise NotImplementedError("ngrams.count_ngrams")


def build_vocabulary(sentences: Iterable[Sentence], min_count: int = 1) -> frozenset[str]:
    """The set of words that a model may predict.

    Args:
        sentences: token lists without markers.
        min_count: rarer words are left out; a model will read them as <unk>.

    Returns:
        Every word seen at least `min_count` times, and always </s> and <unk>; never <s>.
    """
    raise NotImplementedError("ngrams.build_vocabulary")


def map_unknown(sentences: Iterable[Sentence], vocabulary: Collection[str]) -> list[list[str]]:
    """Replace each word outside the vocabulary by <unk>."""
    return [[word if word in vocabulary else UNK for word in sentence] for sentence in sentences]


class NgramModel:
    """What the models of this chapter share: an order, a vocabulary, and a short memory."""

    def __init__(self, order: int, vocabulary: Collection[str]) -> None:
        """Remember n and the words that can be predicted (</s> and <unk> among them)."""
        self.order = order
        self.vocabulary = vocabulary

    def ngram(self, word: str, context: Sequence[str]) -> Ngram:
        """The n-gram that decides P(word | context): at most n-1 tokens of context, and the word.

        Words outside the vocabulary become <unk>; <s> stays as it is within the context.
        """
        known = self.vocabulary
        recent = context[max(0, len(context) - self.order + 1) :]
        return (
            *(token if token in known or token == BOS else UNK for token in recent),
            word if word in known else UNK,
        )


class CountModel(NgramModel):
    """A model that keeps its counts and computes each probability from them when asked.

    Attributes:
        counts: counts[n-1] is the Counter of n-grams, for n = 1 … order.
        totals: totals[h] = Σ_w c(h w), how often the context h was followed by anything.
    """

    def __init__(
        self,
        sentences: Iterable[Sentence],
        order: int,
        vocabulary: Collection[str] | None = None,
    ) -> None:
        """Count the sentences; by default every word in them belongs to the vocabulary."""
        sentences = list(sentences)
        if vocabulary is None:
            vocabulary = build_vocabulary(sentences)
        super().__init__(order, vocabulary)
        self.counts = count_orders(map_unknown(sentences, vocabulary), order)
        self.totals: Counter[Ngram] = Counter()
        for counts in self.counts:
            for ngram, count in counts.items():
                self.totals[ngram[:-1]] += count


def count_orders(sentences: Sequence[Sentence], order: int) -> list[Counter[Ngram]]:
    """The n-gram counts of all orders 1 … order."""
    return [count_ngrams(sentences, n) for n in range(1, order + 1)]


# --- Probability of text ----------------------------------------------------------------------


class MaximumLikelihood(CountModel):
    """Relative frequencies: P(w | h) = c(h w) / Σ_v c(h v)."""

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """P(word | context) as a relative frequency; 0.0 where the context was never seen.

        A context shorter than n-1 tokens is taken as it is: with none, P(w) = c(w) / Σ_v c(v).
        """
        raise NotImplementedError("ngrams.MaximumLikelihood")


def sentence_logprob(model: LanguageModel, sentence: Sentence) -> float:
    """ln P(sentence </s>) by the chain rule, in nats.

    Each word and the end marker are predicted from all that precedes them, starting with <s>;
    the model itself cuts the context to what it can use. Logarithms are added, since the
    product of a few hundred probabilities underflows.

    Returns:
        The natural logarithm, -inf if any factor is zero.
    """
    raise NotImplementedError("ngrams.sentence_logprob")


def cross_entropy(model: LanguageModel, sentences: Iterable[Sentence], oov: str = "unk") -> float:
    """Average cost of a predicted token: -(1/T) Σ_t log2 P(w_t | context), in bits per token.

    T counts every predicted token: the words and one </s> for each sentence, not <s>.

    Args:
        model: gives P(word | context); reads words outside its vocabulary as <unk>.
        sentences: the test text, at least one sentence.
        oov: what to do with a word outside the vocabulary. "unk" scores it as <unk>; "skip"
            leaves it out of the sum and of T (it still serves as context), which makes
            models with different vocabularies look comparable when they are not.

    Returns:
        Bits per token; inf as soon as one scored token has probability zero.

    Raises:
        ValueError: if `oov` is neither "unk" nor "skip".
    """
    raise NotImplementedError("ngrams.cross_entropy")


def perplexity(model: LanguageModel, sentences: Iterable[Sentence], oov: str = "unk") -> float:
    """2 to the cross-entropy: among how many equally likely words the model feels it chooses."""
    return 2 ** cross_entropy(model, sentences, oov)


def sample_sentences(
    model: LanguageModel, n_sentences: int, seed: int, max_tokens: int = 50
) -> list[list[str]]:
    """Write sentences by drawing each word from P(· | what is written so far).

    Args:
        model: any language model; its whole vocabulary can be drawn.
        n_sentences: how many to write.
        seed: the same seed writes the same sentences, in every run of Python (a set has another
            order in each); another seed (almost surely) others.
        max_tokens: the most words a sentence may have, markers not counted; one that has not
            ended by then is cut and kept.

    Returns:
        Token lists without markers: a sentence ends where </s> was drawn.
    """
    raise NotImplementedError("ngrams.sample_sentences")


# --- Smoothing --------------------------------------------------------------------------------


class AddK(CountModel):
    """Pretend that every n-gram was seen k more times (Laplace for k = 1)."""

    def __init__(
        self,
        sentences: Iterable[Sentence],
        order: int,
        k: float = 1.0,
        vocabulary: Collection[str] | None = None,
    ) -> None:
        """Count the sentences and remember k > 0."""
        super().__init__(sentences, order, vocabulary)
        self.k = k

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """P(w | h) = (c(h w) + k) / (Σ_v c(h v) + k V); uniform after an unseen context."""
        raise NotImplementedError("ngrams.AddK")


class Interpolated(CountModel):
    """Linear interpolation of all orders (Jelinek & Mercer, 1980).

    P(w | h) = λ_0 / V + Σ_{m=1}^{n} λ_m P_m(w | h)

    P_m is the relative frequency of w after the last m-1 tokens of h. Where nothing ever
    followed those, or h is shorter, P_m is P_{m-1}; so each P_m is a distribution, and so is
    their mix.
    """

    def __init__(
        self,
        sentences: Iterable[Sentence],
        order: int,
        weights: Sequence[float],
        vocabulary: Collection[str] | None = None,
    ) -> None:
        """Count the sentences and remember λ_0 … λ_n, n+1 weights that sum to 1."""
        super().__init__(sentences, order, vocabulary)
        self.weights = weights

    def components(self, word: str, context: Sequence[str] = ()) -> list[float]:
        """[1/V, P_1(w), P_2(w | h), …, P_n(w | h)], n+1 numbers."""
        raise NotImplementedError("ngrams.Interpolated")

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """Σ_m λ_m P_m(word | context), the mixture of the components."""
        raise NotImplementedError("ngrams.Interpolated")


def fit_interpolation_weights(
    components: Float[np.ndarray, "T M"], iterations: int = 100
) -> Float[np.ndarray, " M"]:
    """Weights that make held-out text most likely, by expectation-maximisation.

        E: r_tm = λ_m p_tm / Σ_j λ_j p_tj, how much of token t is owed to component m.
        M: λ_m = (1/T) Σ_t r_tm.

    Start from equal weights (Jelinek & Mercer, 1980).

    Args:
        components: p_tm, the probability that component m gives to held-out token t;
            every row has at least one positive entry. Float64.
        iterations: number of E+M rounds; 0 gives the equal weights.

    Returns:
        λ, float64, non-negative, with sum 1.
    """
    raise NotImplementedError("ngrams.fit_interpolation_weights")


class StupidBackoff(CountModel):
    """Use the longest n-gram that was seen, at a fixed price a step (Brants et al., 2007).

    Made for web-scale counts. The scores rank words well but do not sum to 1. The text it counts
    holds at least one sentence.
    """

    def __init__(
        self,
        sentences: Iterable[Sentence],
        order: int,
        alpha: float = 0.4,
        vocabulary: Collection[str] | None = None,
    ) -> None:
        """Count the sentences and remember the price α of dropping one token of context."""
        super().__init__(sentences, order, vocabulary)
        self.alpha = alpha

    def score(self, word: str, context: Sequence[str] = ()) -> float:
        """S(w | h) = c(h w) / Σ_v c(h v) if h w was seen, else α S(w | h').

        With no context left it is the relative frequency of w, which may be 0.
        """
        raise NotImplementedError("ngrams.StupidBackoff")


# --- Kneser–Ney -------------------------------------------------------------------------------


class BackoffModel(NgramModel):
    """A model as a table: a probability for each stored n-gram, a weight for each context.

    Every smoothed n-gram model can be written this way; an ARPA file is this table as text.
    """

    def __init__(
        self,
        order: int,
        vocabulary: Collection[str],
        probabilities: Mapping[Ngram, float],
        backoffs: Mapping[Ngram, float],
    ) -> None:
        """Keep the tables; `probabilities` holds at least every (word,) of the vocabulary."""
        super().__init__(order, vocabulary)
        self.probabilities = probabilities
        self.backoffs = backoffs

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """P(w | h): the stored probability of h w, or γ(h) P(w | h') where h w is not stored.

        γ(h) is the stored weight of the context, 1 where the context itself is not stored.
        """
        raise NotImplementedError("ngrams.BackoffModel")


def continuation_counts(counts: Mapping[Ngram, int]) -> Counter[Ngram]:
    """N_{1+}(• g): how many different tokens occur before g.

    "Francisco" is frequent, but only ever follows "San": as a continuation it counts once.

    Args:
        counts: counts of the n-grams of one order n ≥ 2.

    Returns:
        For every (n-1)-gram g that ends one with a positive count, the number of such n-grams
        (v, *g), however large their counts; other ends are left out. (Kneser & Ney, 1995)
    """
    raise NotImplementedError("ngrams.continuation_counts")


def modified_discounts(counts: Mapping[Ngram, int]) -> tuple[float, float, float]:
    """What to take off n-grams seen once, twice, and three or more times.

    With n_r the number of n-grams whose count is r and Y = n_1 / (n_1 + 2 n_2):

        D_1 = 1 - 2 Y n_2/n_1,   D_2 = 2 - 3 Y n_3/n_2,   D_3+ = 3 - 4 Y n_4/n_3

    (Chen & Goodman, 1999, equation 26.) The formula needs plenty of data: where one of
    n_1 … n_4 is zero, or some D_r does not satisfy 0 ≤ D_r ≤ r, return (0.5, 1.0, 1.5).
    """
    raise NotImplementedError("ngrams.modified_discounts")


def kneser_ney(
    sentences: Iterable[Sentence],
    order: int,
    vocabulary: Collection[str] | None = None,
    discounts: Sequence[tuple[float, float, float]] | None = None,
) -> BackoffModel:
    """Interpolated modified Kneser–Ney smoothing (Chen & Goodman, 1999, section 3).

        P_m(w | h) = (a(h w) - D(a(h w))) / a(h •) + γ(h) P_{m-1}(w | h')
        γ(h)       = Σ_w D(a(h w)) / a(h •)                            P_0(w) = 1 / V

    a is the count at the highest order and the continuation count below it. N-grams that begin
    with <s> have nothing before them: they keep their count at every order (Heafield et al.,
    2013). D(a) is D_1, D_2 or D_3+ of that order, and a(h •) = Σ_w a(h w).

    Args:
        sentences: token lists without markers.
        order: n ≥ 1.
        vocabulary: words outside it are read as <unk>; by default every word seen.
        discounts: (D_1, D_2, D_3+) for each order 1 … n; by default `modified_discounts` of
            that order's a.

    Returns:
        The table of the interpolated probabilities: P_m for each n-gram seen, γ for each context
        seen, and P_1 for each word of the vocabulary.
    """
    raise NotImplementedError("ngrams.kneser_ney")


# --- Stretch: storing models ------------------------------------------------------------------


def prune(
    model: BackoffModel, counts: Sequence[Mapping[Ngram, int]], cutoffs: Sequence[int]
) -> BackoffModel:
    """Drop rare n-grams and hand their probability back to the lower order.

    An n-gram of order m ≥ 2 goes if its count is below cutoffs[m-1], unless it is the context
    of a longer n-gram that stays. Words always stay. Then each context's weight is set so that
    its distribution sums to 1 again:

        γ(h) = (1 - Σ_{h w kept} P(w | h)) / (1 - Σ_{h w kept} P(w | h'))

    with P(w | h') of the pruned model; any weight will do where every word is kept.

    Args:
        model: any table whose distributions sum to 1; it is not changed.
        counts: counts[m-1] are the counts of the m-grams, m = 1 … order.
        cutoffs: the smallest count that stays, for each order; cutoffs[0] is ignored.

    Returns:
        A smaller model. Contexts without any n-gram left are not stored.
    """
    raise NotImplementedError("ngrams.prune")


def write_arpa(model: BackoffModel) -> str:
    r"""The model as an ARPA file, the text format that n-gram toolkits exchange.

    \data\, a line `ngram m=COUNT` for each order, then for each order a section `\m-grams:`
    with a line for each n-gram, and \end\ at last:

        log10 P <tab> w_1 w_2 … w_m <tab> log10 γ(w_1 … w_m)

    The weight is left out at the highest order and may be left out where the n-gram is no
    context. <s> is listed with the words, at probability -99, to carry its weight; a zero
    becomes -99 too. Six or more significant digits.
    """
    raise NotImplementedError("ngrams.write_arpa")


def read_arpa(text: str) -> BackoffModel:
    r"""The model that an ARPA file describes.

    Fields are separated by tabs or spaces, the tokens within an n-gram by spaces; a missing
    weight means 1. Anything before \data\ is a comment. A log10 of -99 or less means zero, for
    probabilities and weights, and <s> is not part of the vocabulary.

    Raises:
        ValueError: if \data\ or \end\ is missing, or if a section holds another number of n-grams
            than the header announces (a cut-off download); the message names the section
            ("2-grams").
    """
    raise NotImplementedError("ngrams.read_arpa")


class CountMinSketch:
    """Approximate counts in fixed memory (Cormode & Muthukrishnan, 2005).

    `depth` rows of `width` counters. Each row has its own hash function; an item adds to one
    counter in each row, and its estimate is the smallest of them. With width w and depth d the
    estimate is never too small, and exceeds the truth by more than (e/w)·(all counts added)
    with probability at most e^-d.
    """

    def __init__(self, width: int, depth: int) -> None:
        """Start with depth x width zeros."""
        raise NotImplementedError("ngrams.CountMinSketch")

    def add(self, item: str, count: int = 1) -> None:
        """Count `item` (any text, for instance an n-gram joined by spaces) `count` more times."""
        raise NotImplementedError("ngrams.CountMinSketch")

    def estimate(self, item: str) -> int:
        """At least the true count; the same in every process, so no salted `hash()`."""
        raise NotImplementedError("ngrams.CountMinSketch")
