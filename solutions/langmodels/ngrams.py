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
    # BEGIN SOLUTION
    counts: Counter[Ngram] = Counter()
    for sentence in sentences:
        tokens = pad(sentence)
        counts.update(zip(*(tokens[start:] for start in range(order)), strict=False))
    counts.pop((BOS,), None)
    return counts
    # END SOLUTION


def build_vocabulary(sentences: Iterable[Sentence], min_count: int = 1) -> frozenset[str]:
    """The set of words that a model may predict.

    Args:
        sentences: token lists without markers.
        min_count: rarer words are left out; a model will read them as <unk>.

    Returns:
        Every word seen at least `min_count` times, and always </s> and <unk>; never <s>.
    """
    # BEGIN SOLUTION
    counts = Counter(word for sentence in sentences for word in sentence)
    words = {word for word, count in counts.items() if count >= min_count}
    return frozenset(words | {EOS, UNK})
    # END SOLUTION


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
        # BEGIN SOLUTION
        ngram = self.ngram(word, context)
        total = self.totals[ngram[:-1]]
        return self.counts[len(ngram) - 1][ngram] / total if total else 0.0
        # END SOLUTION


def sentence_logprob(model: LanguageModel, sentence: Sentence) -> float:
    """ln P(sentence </s>) by the chain rule, in nats.

    Each word and the end marker are predicted from all that precedes them, starting with <s>;
    the model itself cuts the context to what it can use. Logarithms are added, since the
    product of a few hundred probabilities underflows.

    Returns:
        The natural logarithm, -inf if any factor is zero.
    """
    # BEGIN SOLUTION
    tokens = pad(sentence)
    total = 0.0
    for position in range(1, len(tokens)):
        probability = model.prob(tokens[position], tokens[:position])
        if probability == 0:
            return -math.inf
        total += math.log(probability)
    return total
    # END SOLUTION


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
    # BEGIN SOLUTION
    if oov not in ("unk", "skip"):
        raise ValueError(f'oov must be "unk" or "skip", not {oov!r}')
    bits, n_tokens = 0.0, 0
    for sentence in sentences:
        tokens = pad(sentence)
        for position in range(1, len(tokens)):
            word = tokens[position]
            if oov == "skip" and word not in model.vocabulary:
                continue
            probability = model.prob(word, tokens[max(0, position - model.order + 1) : position])
            if probability == 0:
                return math.inf
            bits -= math.log2(probability)
            n_tokens += 1
    return bits / n_tokens
    # END SOLUTION


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
    # BEGIN SOLUTION
    generator = random.Random(seed)
    # A set has no fixed order from one run to the next; a seed must mean the same text always.
    words = sorted(model.vocabulary)
    cumulative: dict[Ngram, list[float]] = {}

    def draw(history: list[str]) -> str:
        context = tuple(history[max(0, len(history) - model.order + 1) :])
        if context not in cumulative:
            cumulative[context] = list(accumulate(model.prob(word, context) for word in words))
        sums = cumulative[context]
        return words[min(bisect(sums, generator.random() * sums[-1]), len(words) - 1)]

    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens and (word := draw(tokens)) != EOS:
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
    # END SOLUTION


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
        # BEGIN SOLUTION
        ngram = self.ngram(word, context)
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * len(self.vocabulary))
        # END SOLUTION


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
        # BEGIN SOLUTION
        ngram = self.ngram(word, context)
        parts = [1 / len(self.vocabulary)]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            total = self.totals[recent[:-1]]
            seen = order <= len(ngram) and total > 0
            parts.append(self.counts[order - 1][recent] / total if seen else parts[-1])
        return parts
        # END SOLUTION

    def prob(self, word: str, context: Sequence[str] = ()) -> float:
        """Σ_m λ_m P_m(word | context), the mixture of the components."""
        # BEGIN SOLUTION
        parts = self.components(word, context)
        return sum(weight * part for weight, part in zip(self.weights, parts, strict=True))
        # END SOLUTION


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
    # BEGIN SOLUTION
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        joint = components * weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
    # END SOLUTION


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
        # BEGIN SOLUTION
        ngram = self.ngram(word, context)
        price = 1.0
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
            price *= self.alpha
        return price * self.counts[len(ngram) - 1][ngram] / self.totals[ngram[:-1]]
        # END SOLUTION


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
        # BEGIN SOLUTION
        ngram = self.ngram(word, context)
        weight = 1.0
        while len(ngram) > 1 and ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
        # END SOLUTION


def continuation_counts(counts: Mapping[Ngram, int]) -> Counter[Ngram]:
    """N_{1+}(• g): how many different tokens occur before g.

    "Francisco" is frequent, but only ever follows "San": as a continuation it counts once.

    Args:
        counts: counts of the n-grams of one order n ≥ 2.

    Returns:
        For every (n-1)-gram g that ends one with a positive count, the number of such n-grams
        (v, *g), however large their counts; other ends are left out. (Kneser & Ney, 1995)
    """
    # BEGIN SOLUTION
    return Counter(ngram[1:] for ngram, count in counts.items() if count > 0)
    # END SOLUTION


def modified_discounts(counts: Mapping[Ngram, int]) -> tuple[float, float, float]:
    """What to take off n-grams seen once, twice, and three or more times.

    With n_r the number of n-grams whose count is r and Y = n_1 / (n_1 + 2 n_2):

        D_1 = 1 - 2 Y n_2/n_1,   D_2 = 2 - 3 Y n_3/n_2,   D_3+ = 3 - 4 Y n_4/n_3

    (Chen & Goodman, 1999, equation 26.) The formula needs plenty of data: where one of
    n_1 … n_4 is zero, or some D_r does not satisfy 0 ≤ D_r ≤ r, return (0.5, 1.0, 1.5).
    """
    # BEGIN SOLUTION
    fallback = (0.5, 1.0, 1.5)
    frequency = Counter(counts.values())
    n_1, n_2, n_3, n_4 = (frequency[r] for r in (1, 2, 3, 4))
    if 0 in (n_1, n_2, n_3, n_4):
        return fallback
    y = n_1 / (n_1 + 2 * n_2)
    discounts = (1 - 2 * y * n_2 / n_1, 2 - 3 * y * n_3 / n_2, 3 - 4 * y * n_4 / n_3)
    sensible = all(0 <= discount <= r for r, discount in enumerate(discounts, start=1))
    return discounts if sensible else fallback
    # END SOLUTION


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
    # BEGIN SOLUTION
    sentences = list(sentences)
    if vocabulary is None:
        vocabulary = build_vocabulary(sentences)
    counts = count_orders(map_unknown(sentences, vocabulary), order)
    adjusted = counts[-1:]
    for lower, higher in zip(counts[-2::-1], counts[:0:-1], strict=True):
        begins = {ngram: count for ngram, count in lower.items() if ngram[0] == BOS}
        adjusted.insert(0, continuation_counts(higher) | Counter(begins))

    probabilities: dict[Ngram, float] = {}
    backoffs: dict[Ngram, float] = {}
    uniform = 1 / len(vocabulary)
    for m, ngrams in enumerate(adjusted):
        d_1, d_2, d_3 = discounts[m] if discounts else modified_discounts(ngrams)
        discount = (0.0, d_1, d_2, d_3)
        totals: defaultdict[Ngram, int] = defaultdict(int)
        freed: defaultdict[Ngram, float] = defaultdict(float)
        for ngram, count in ngrams.items():
            context = ngram[:-1]
            totals[context] += count
            freed[context] += discount[count if count < 3 else 3]
        for context, total in totals.items():
            backoffs[context] = freed[context] / total
        for ngram, count in ngrams.items():
            context = ngram[:-1]
            lower_order = probabilities[ngram[1:]] if m else uniform
            probabilities[ngram] = (count - discount[count if count < 3 else 3]) / totals[
                context
            ] + backoffs[context] * lower_order
        if m == 0:
            unseen = backoffs.get((), 1.0) * uniform
            probabilities |= {(w,): unseen for w in vocabulary if (w,) not in probabilities}
    return BackoffModel(order, vocabulary, probabilities, backoffs)
    # END SOLUTION


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
    # BEGIN SOLUTION
    kept: set[Ngram] = set()
    for ngram in sorted(model.probabilities, key=len, reverse=True):
        order = len(ngram)
        if order == 1 or counts[order - 1].get(ngram, 0) >= cutoffs[order - 1] or ngram in kept:
            kept.add(ngram)
            if order > 2:
                kept.add(ngram[:-1])
    probabilities = {ngram: p for ngram, p in model.probabilities.items() if ngram in kept}
    pruned = BackoffModel(model.order, model.vocabulary, probabilities, {})

    words_after: defaultdict[Ngram, list[str]] = defaultdict(list)
    for ngram in probabilities:
        words_after[ngram[:-1]].append(ngram[-1])
    backoffs: dict[Ngram, float] = {(): model.backoffs.get((), 0.0)}
    pruned.backoffs = backoffs
    # Short contexts first: the lower order must sum to 1 before a longer context leans on it.
    for context in sorted(filter(None, words_after), key=len):
        here = sum(probabilities[(*context, word)] for word in words_after[context])
        below = sum(pruned.prob(word, context[1:]) for word in words_after[context])
        backoffs[context] = max(0.0, 1 - here) / (1 - below) if below < 1 else 0.0
    return pruned
    # END SOLUTION


def write_arpa(model: BackoffModel) -> str:
    r"""The model as an ARPA file, the text format that n-gram toolkits exchange.

    \data\, a line `ngram m=COUNT` for each order, then for each order a section `\m-grams:`
    with a line for each n-gram, and \end\ at last:

        log10 P <tab> w_1 w_2 … w_m <tab> log10 γ(w_1 … w_m)

    The weight is left out at the highest order and may be left out where the n-gram is no
    context. <s> is listed with the words, at probability -99, to carry its weight; a zero
    becomes -99 too. Six or more significant digits.
    """

    # BEGIN SOLUTION
    def log10(value: float) -> str:
        return f"{math.log10(value):.9g}" if value > 0 else "-99"

    sections: list[list[str]] = [[] for _ in range(model.order)]
    entries = {(BOS,): 0.0, **model.probabilities}
    for ngram in sorted(entries):
        line = f"{log10(entries[ngram])}\t{' '.join(ngram)}"
        if ngram in model.backoffs and len(ngram) < model.order:
            line += f"\t{log10(model.backoffs[ngram])}"
        sections[len(ngram) - 1].append(line)

    lines = ["\\data\\"]
    lines += [f"ngram {m}={len(section)}" for m, section in enumerate(sections, start=1)]
    for m, section in enumerate(sections, start=1):
        lines += ["", f"\\{m}-grams:", *section]
    return "\n".join([*lines, "", "\\end\\", ""])
    # END SOLUTION


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
    # BEGIN SOLUTION
    lines = [line.strip(" \t\r") for line in text.split("\n")]
    try:
        begin = lines.index("\\data\\")
        end = lines.index("\\end\\", begin)
    except ValueError:
        raise ValueError("not a whole ARPA file: \\data\\ or \\end\\ is missing") from None

    def value(log10: str) -> float:
        return 10 ** float(log10) if float(log10) > -99 else 0.0

    announced: dict[int, int] = {}
    found: Counter[int] = Counter()
    probabilities: dict[Ngram, float] = {}
    backoffs: dict[Ngram, float] = {}
    order = 0
    for line in lines[begin + 1 : end]:
        if line.startswith("ngram "):
            of_order, n_ngrams = line.removeprefix("ngram ").split("=")
            announced[int(of_order)] = int(n_ngrams)
        elif line.startswith("\\"):
            order = int(line.removeprefix("\\").removesuffix("-grams:"))
        elif line:
            # Not line.split(): a token may hold other kinds of space, as Chinese text does.
            logprob, *fields = re.split("[ \t]+", line)
            ngram = tuple(fields[:order])
            found[order] += 1
            if ngram != (BOS,):
                probabilities[ngram] = value(logprob)
            if len(fields) > order:
                backoffs[ngram] = value(fields[order])
    for m in sorted(announced.keys() | found.keys()):
        if found[m] != announced.get(m, 0):
            raise ValueError(
                f"section {m}-grams holds {found[m]} n-grams, {announced.get(m, 0)} were announced"
            )
    vocabulary = frozenset(ngram[0] for ngram in probabilities if len(ngram) == 1)
    return BackoffModel(max(announced), vocabulary, probabilities, backoffs)
    # END SOLUTION


class CountMinSketch:
    """Approximate counts in fixed memory (Cormode & Muthukrishnan, 2005).

    `depth` rows of `width` counters. Each row has its own hash function; an item adds to one
    counter in each row, and its estimate is the smallest of them. With width w and depth d the
    estimate is never too small, and exceeds the truth by more than (e/w)·(all counts added)
    with probability at most e^-d.
    """

    def __init__(self, width: int, depth: int) -> None:
        """Start with depth x width zeros."""
        # BEGIN SOLUTION
        self.table = np.zeros((depth, width), dtype=np.int64)
        # END SOLUTION

    def add(self, item: str, count: int = 1) -> None:
        """Count `item` (any text, for instance an n-gram joined by spaces) `count` more times."""
        # BEGIN SOLUTION
        self.table[self._cells(item)] += count
        # END SOLUTION

    def estimate(self, item: str) -> int:
        """At least the true count; the same in every process, so no salted `hash()`."""
        # BEGIN SOLUTION
        return int(self.table[self._cells(item)].min())
        # END SOLUTION

    # BEGIN SOLUTION
    def _cells(self, item: str) -> tuple[np.ndarray, np.ndarray]:
        """The one counter of each row that belongs to the item, as numpy indices."""
        depth, width = self.table.shape
        columns = [
            int.from_bytes(blake2b(item.encode(), salt=row.to_bytes(16), digest_size=8).digest())
            % width
            for row in range(depth)
        ]
        return np.arange(depth), np.array(columns)

    # END SOLUTION
