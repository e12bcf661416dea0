"""Counting, relative frequencies, and the probability of text."""

import math
from collections import Counter
from copy import deepcopy
from fractions import Fraction
from itertools import pairwise, product

from nltk.lm import MLE, Vocabulary
from nltk.util import bigrams, everygrams, pad_sequence
from scipy.stats import chisquare

from autograder.testing import complaint, exercise, expect, expect_that, show

# Words of one sign. "a" is not among them, since an answer without content might hold it.
SIGNS = "bcdefghijklmnopqrstuvwxyzBCDEFG语言模型从前往后,.!0123456789"

# A right sampler fails a chi-square test once in a billion runs.
BY_CHANCE = 1e-9


def random_words(rng, n):
    return rng.sample(SIGNS, n)


def random_sentences(rng, n, words, longest, shortest=0):
    return [rng.choices(words, k=rng.randint(shortest, longest)) for _ in range(n)]


def texts(rng, n):
    """Random texts, each as (words, sentences), from a few tokens to a few hundred."""
    for size in range(1, n + 1):
        words = random_words(rng, size + 1)
        yield words, random_sentences(rng, 2 * size, words, size + 2)


def marked(sentence):
    return ["<s>", *sentence, "</s>"]


# --- Sources: models whose probabilities are known --------------------------------------------


def random_source(rng, words, order):
    """source[context][word]: positive fractions for every context that can occur."""
    starts = [("<s>", *rest) for n in range(order - 1) for rest in product(words, repeat=n)]
    source = {}
    for context in [*starts, *product(words, repeat=order - 1)]:
        shares = {word: rng.randint(1, 9) for word in [*words, "</s>"]}
        total = sum(shares.values())
        source[context] = {word: Fraction(share, total) for word, share in shares.items()}
    return source


def as_table(source):
    return {context: {word: float(p) for word, p in row.items()} for context, row in source.items()}


def probability(source, order, sentence):
    """The product, exactly; the end of the sentence is one of its factors."""
    tokens = marked(sentence)
    return math.prod(
        source[tuple(tokens[max(0, end - order + 1) : end])][tokens[end]]
        for end in range(1, len(tokens))
    )


def ln(fraction):
    """The logarithm of a fraction that may be too small for a float."""
    return math.log(fraction.numerator) - math.log(fraction.denominator)


def memory(sentences):
    """(order, table) of a source that says these sentences, each as often as it is listed.

    It remembers all that it has said. So the probability of a sentence is how often it is listed
    over how many are listed, which nobody needs a chain rule to know.
    """
    following = {}
    for tokens in map(marked, sentences):
        for end in range(1, len(tokens)):
            following.setdefault(tuple(tokens[:end]), Counter())[tokens[end]] += 1
    table = {
        context: {word: count / row.total() for word, count in row.items()}
        for context, row in following.items()
    }
    return max(map(len, sentences)) + 2, table


# --- count_ngrams -----------------------------------------------------------------------------


@exercise("ngrams.count_ngrams")
def test_single_tokens(student, rng):
    """For order 1 every word is counted, </s> once a sentence, and <s> not at all."""
    for _, sentences in texts(rng, 8):
        expected = Counter((word,) for sentence in sentences for word in sentence)
        expected["</s>",] = len(sentences)
        expect(student.ngrams.count_ngrams(sentences, 1), expected)


@exercise("ngrams.count_ngrams")
def test_pairs(student, rng):
    """For order 2 every pair of neighbours is counted, and the markers are neighbours too."""
    for _, sentences in texts(rng, 8):
        expected = Counter(
            pair
            for sentence in sentences
            for pair in bigrams(pad_sequence(sentence, 2, True, True, "<s>", "</s>"))
        )
        expect(student.ngrams.count_ngrams(sentences, 2), expected)


@exercise("ngrams.count_ngrams", weight=2)
def test_long_ngrams(student, rng):
    """For order 3 and above every window is counted; one marker stands on each side."""
    for size, (_, sentences) in enumerate(texts(rng, 8), start=1):
        order = rng.randint(3, 3 + size // 2)
        # One sentence exactly as long as the window, and one a token too short for it.
        sentences += [rng.choices(SIGNS, k=order - 2), rng.choices(SIGNS, k=order - 3)]
        expected = Counter()
        for tokens in map(marked, sentences):
            while len(tokens) >= order:
                expected[tuple(tokens[:order])] += 1
                tokens = tokens[1:]
        expect(student.ngrams.count_ngrams(sentences, order), expected)


@exercise("ngrams.count_ngrams")
def test_repeated_text_counts_repeatedly(student, rng):
    """A text said three times counts three times, within a sentence or as another one."""
    for n in range(1, 6):
        word = rng.choice(SIGNS)
        times = rng.randint(2, 9)
        expected = {("<s>", word): times, (word, word): n * times, (word, "</s>"): times}
        expect(student.ngrams.count_ngrams([[word] * (n + 1)] * times, 2), expected)


@exercise("ngrams.count_ngrams")
def test_counting_again(student, rng):
    """Counting does not change the sentences: the next order finds them as they were."""
    for _, sentences in texts(rng, 4):
        expected = [Counter(), Counter(), Counter()]
        for order, counts in enumerate(expected, start=1):
            for tokens in map(marked, sentences):
                counts.update(tuple(tokens[i : i + order]) for i in range(len(tokens) - order + 1))
        del expected[0]["<s>",]
        # This given function lets count_ngrams count the same lists three times.
        expect(student.ngrams.count_orders(sentences, 3), expected)


# --- build_vocabulary -------------------------------------------------------------------------


@exercise("ngrams.build_vocabulary")
def test_vocabulary_of_all_words(student, rng):
    """Without a minimum, every word is in, with </s> and <unk> and without <s>."""
    for _, sentences in texts(rng, 8):
        expected = {"</s>", "<unk>"}.union(*sentences)
        expect(student.ngrams.build_vocabulary(sentences), expected)


@exercise("ngrams.build_vocabulary", weight=2)
def test_vocabulary_of_frequent_words(student, rng):
    """Words seen at least min_count times are in, rarer ones are out."""
    for n_words in range(1, 13):
        times = {word: rng.randint(1, 5) for word in random_words(rng, n_words)}
        tokens = [word for word, count in times.items() for _ in range(count)]
        rng.shuffle(tokens)
        cuts = sorted(rng.choices(range(len(tokens) + 1), k=n_words))
        sentences = [tokens[i:j] for i, j in pairwise([0, *cuts, len(tokens)])]
        for minimum in (1, rng.choice([*times.values()]), rng.randint(2, 5)):
            expected = {word for word, count in times.items() if count >= minimum}
            got = student.ngrams.build_vocabulary(sentences, minimum)
            expect(got, expected | {"</s>", "<unk>"})


@exercise("ngrams.build_vocabulary")
def test_vocabulary_counts_occurrences(student, rng):
    """A word counts each time it occurs, in one sentence or spread over many."""
    for times in range(2, 8):
        here, there, rare = random_words(rng, 3)
        sentences = [[here] * times, [rare] * (times - 1), *[[there]] * times]
        rng.shuffle(sentences)
        got = student.ngrams.build_vocabulary(sentences, times)
        expect(got, {here, there, "</s>", "<unk>"})


@exercise("ngrams.build_vocabulary")
def test_vocabulary_always_holds_its_markers(student, rng):
    """However few the sentences and however high the minimum, </s> and <unk> are in."""
    for minimum in (2, 5, 50):
        often, *others = random_words(rng, 4)
        sentences = [[*others, *[often] * minimum]]
        expect(student.ngrams.build_vocabulary(sentences, minimum), {often, "</s>", "<unk>"})
        expect(student.ngrams.build_vocabulary(sentences, minimum + 1), {"</s>", "<unk>"})


@exercise("ngrams.build_vocabulary")
def test_vocabulary_keeps_words_as_they_are(student, rng):
    """Words are compared as they are written: case, punctuation and spaces make a difference."""
    forms = ["Be", "be", "BE", "be!", "!", "3", "3.0", " ", "", "é", "長", "长"]
    for n in range(1, len(forms) + 1):
        words = rng.sample(forms, n)
        expect(student.ngrams.build_vocabulary([words]), {*words, "</s>", "<unk>"})
        twice = rng.choice(words)
        expect(student.ngrams.build_vocabulary([words, [twice]], 2), {twice, "</s>", "<unk>"})


# --- MaximumLikelihood ------------------------------------------------------------------------


def relative_frequency(sentences, word, context):
    """How often it is this word that follows the context, by looking at every place."""
    after = [
        tokens[end]
        for tokens in map(marked, sentences)
        for end in range(max(1, len(context)), len(tokens))
        if tokens[end - len(context) : end] == list(context)
    ]
    return after.count(word) / len(after) if after else 0.0


@exercise("ngrams.MaximumLikelihood")
def test_the_giraffe(student):
    """P(脖子 | 长颈鹿) = 1/3 and P(长 | 脖子) = 2/5 in the six sentences of the book."""
    text = (
        "长颈鹿 脖子 真 好看|长颈鹿 爱 吃 树叶|乌龟 伸 脖子 看 长颈鹿|"
        "天鹅 脖子 长|鸵鸟 脖子 长 腿 也 长|大象 鼻子 长 脖子 短"
    )
    model = student.ngrams.MaximumLikelihood([s.split() for s in text.split("|")], 2)
    neck, long = model.prob("脖子", ["长颈鹿"]), model.prob("长", ["脖子"])
    expect([neck, long], [1 / 3, 2 / 5])
    expect(neck * long, 2 / 15, given="P(脖子 | 长颈鹿) · P(长 | 脖子)")
    expect(model.prob("长颈鹿", ["<s>"]), 1 / 3)
    expect(model.prob("</s>", ["长"]), 1 / 2)


@exercise("ngrams.MaximumLikelihood", weight=2)
def test_relative_frequencies(student, rng):
    """For every order, P(word | context) is the share of the word in what follows the context."""
    for size, (words, sentences) in enumerate(texts(rng, 6), start=1):
        order = rng.randint(1, min(size, 4))
        model = student.ngrams.MaximumLikelihood(sentences, order)
        for _ in range(20 * size):
            tokens = rng.choice([s for s in map(marked, sentences) if s[1:] != ["</s>"]] or [[]])
            end = rng.randint(min(1, len(tokens)), max(0, len(tokens) - 1))
            context = tokens[rng.randint(max(0, end - order + 1), end) : end]
            word = rng.choice([*words, "</s>", *tokens[end : end + 1]])
            expected = relative_frequency(sentences, word, context)
            expect(model.prob(word, context), expected)


@exercise("ngrams.MaximumLikelihood")
def test_probabilities_of_another_library(student, rng):
    """A bigram model agrees with nltk.lm.MLE for every pair, with rare words read as <unk>."""
    for words, sentences in texts(rng, 6):
        tokens = [token for sentence in sentences for token in marked(sentence)]
        known = Vocabulary(tokens, unk_cutoff=2, unk_label="<unk>")
        theirs = MLE(2, vocabulary=known)
        theirs.fit([everygrams(marked(sentence), max_len=2) for sentence in sentences])
        ours = student.ngrams.MaximumLikelihood(sentences, 2, set(known) - {"<s>"})
        for context in ["<s>", *words, "@"]:
            got = {word: ours.prob(word, [context]) for word in [*words, "</s>", "<unk>", "@"]}
            expect(
                got,
                {word: float(theirs.score(word, [context])) for word in got},
                given=f"the words after {context!r}, sentences {sentences}",
            )


@exercise("ngrams.MaximumLikelihood", weight=2)
def test_probabilities_sum_to_one(student, rng):
    """After every context that was seen the probabilities sum to 1, after others to 0."""
    for size, (words, sentences) in enumerate(texts(rng, 6), start=1):
        order = rng.randint(1, min(size, 4))
        model = student.ngrams.MaximumLikelihood(sentences, order)
        tokens = marked(max(sentences, key=len))
        seen = [tokens[max(0, end - order + 1) : end] for end in range(1, len(tokens))]
        # "@" is no word of the text, so no context that holds it was ever seen.
        unseen = [["@"], [*tokens[:2], "@"]] if order > 1 else []
        for contexts, expected in (([[], *seen], 1.0), (unseen, 0.0)):
            for context in contexts:
                total = sum(model.prob(word, context) for word in [*words, "</s>", "<unk>"])
                expect(total, expected, given=f"the sum after {context}, sentences {sentences}")


@exercise("ngrams.MaximumLikelihood")
def test_a_model_forgets_what_is_long_ago(student, rng):
    """Of a long context only the last n-1 tokens count."""
    for size, (words, sentences) in enumerate(texts(rng, 6), start=1):
        order = rng.randint(1, min(size, 4))
        model = student.ngrams.MaximumLikelihood(sentences, order)
        tokens = marked(max(sentences, key=len))
        for end in range(1, len(tokens)):
            recent = tokens[max(0, end - order + 1) : end]
            before = [] if recent[:1] == ["<s>"] else rng.choices(words, k=rng.randint(1, 9))
            expected = relative_frequency(sentences, tokens[end], recent)
            expect(model.prob(tokens[end], [*before, *recent]), expected)


@exercise("ngrams.MaximumLikelihood")
def test_unknown_words(student, rng):
    """Words outside the vocabulary are one word, <unk>, to predict and to look back at."""
    for size in range(2, 7):
        words = random_words(rng, size + 2)
        sentences = random_sentences(rng, 4 * size, words, size + 2, shortest=1)
        known = {*words[:size], "</s>", "<unk>"}
        model = student.ngrams.MaximumLikelihood(sentences, 2, known)
        read = [[w if w in known else "<unk>" for w in sentence] for sentence in sentences]
        unknown = [*words[size:], "<unk>", "@"]
        for context in [*words[:2], *unknown]:
            for word in [*words[:2], *unknown]:
                expected = relative_frequency(
                    read,
                    word if word in known else "<unk>",
                    [context if context in known else "<unk>"],
                )
                expect(model.prob(word, [context]), expected)


# --- sentence_logprob -------------------------------------------------------------------------


@exercise("ngrams.sentence_logprob")
def test_the_giraffe_from_edge_to_edge(student):
    """The giraffe sentence has probability 1/3 · 1/3 · 2/5 · 1/2 with its two edges."""
    table = {
        ("<s>",): {"长颈鹿": 1 / 3, "天鹅": 2 / 3},
        ("长颈鹿",): {"脖子": 1 / 3, "</s>": 2 / 3},
        ("脖子",): {"长": 2 / 5, "</s>": 3 / 5},
        ("长",): {"</s>": 1 / 2, "脖子": 1 / 2},
    }
    model = student.support.TableModel(2, table)
    sentence = ["长颈鹿", "脖子", "长"]
    expect(student.ngrams.sentence_logprob(model, sentence), -math.log(45))


@exercise("ngrams.sentence_logprob", weight=2)
def test_logprob_of_a_source_that_remembers_everything(student, rng):
    """If a source says 3 of every 8 times this sentence, its log-probability is ln(3/8)."""
    for size in range(1, 7):
        words = random_words(rng, size)
        sentences = random_sentences(rng, 3 * size + 1, words, size)
        sentences += random_sentences(rng, 1, words, size, shortest=1)
        model = student.support.TableModel(*memory(sentences))
        for sentence in [[], *sentences]:
            share = sentences.count(sentence) / len(sentences)
            expected = math.log(share) if share else -math.inf
            expect(student.ngrams.sentence_logprob(model, sentence), expected)


@exercise("ngrams.sentence_logprob", weight=2)
def test_logprob_is_that_of_the_product(student, rng):
    """For models of any order, it is the natural logarithm of the product of all factors."""
    for size in range(1, 8):
        words = random_words(rng, rng.randint(1, 4))
        order = rng.randint(1, min(size, 4))
        source = random_source(rng, words, order)
        model = student.support.TableModel(order, as_table(source))
        for sentence in random_sentences(rng, 5, words, 2 * size):
            expected = ln(probability(source, order, sentence))
            expect(student.ngrams.sentence_logprob(model, sentence), expected)


@exercise("ngrams.sentence_logprob")
def test_logprob_of_a_long_sentence(student, rng):
    """A long sentence, whose product is too small for a float, has a finite logarithm."""
    for length in (200, 500, 1000):
        words = random_words(rng, 12)
        source = random_source(rng, words, 2)
        model = student.support.TableModel(2, as_table(source))
        sentence = rng.choices(words, k=2 * length)
        expected = ln(probability(source, 2, sentence))
        expect(student.ngrams.sentence_logprob(model, sentence), expected)


@exercise("ngrams.sentence_logprob")
def test_logprob_of_the_impossible(student, rng):
    """If any one factor is zero, wherever it stands, the result is -inf; else it is finite."""
    for length in range(1, 6):
        sentence = random_words(rng, length)
        tokens = marked(sentence)
        for zero in [None, *range(1, len(tokens))]:
            table = {
                (tokens[end - 1],): {tokens[end]: 0.0 if end == zero else 0.5, "else": 0.5}
                for end in range(1, len(tokens))
            }
            model = student.support.TableModel(2, table)
            expected = -math.inf if zero else (length + 1) * math.log(0.5)
            expect(student.ngrams.sentence_logprob(model, sentence), expected)


@exercise("ngrams.sentence_logprob")
def test_logprob_twice(student, rng):
    """The sentence is left as it was: asking again gives the same answer."""
    for length in range(1, 5):
        sentence = random_words(rng, length)
        model = student.support.TableModel(*memory([sentence, sentence, []]))
        kept = student.support.keep.obj(deepcopy(sentence))
        for _ in range(2):
            expect(student.ngrams.sentence_logprob(model, kept), math.log(2 / 3))


# --- cross_entropy ----------------------------------------------------------------------------


def log2(fraction):
    return ln(fraction) / math.log(2)


@exercise("ngrams.cross_entropy", weight=2)
def test_bits_per_token(student, rng):
    """The costs of all words and end markers in bits, divided by how many these are."""
    for size in range(1, 9):
        words = random_words(rng, rng.randint(1, 4))
        order = rng.randint(1, min(size, 4))
        source = random_source(rng, words, order)
        model = student.support.TableModel(order, as_table(source))
        sentences = [*random_sentences(rng, size, words, 2 * size), rng.choices(words, k=size)]
        whole = math.prod(probability(source, order, sentence) for sentence in sentences)
        n_tokens = sum(len(sentence) + 1 for sentence in sentences)
        expect(student.ngrams.cross_entropy(model, sentences), -log2(whole) / n_tokens)


@exercise("ngrams.cross_entropy")
def test_bits_of_a_uniform_model(student, rng):
    """To a model that finds all of 2^k words equally likely every text costs k bits a token."""
    for k in range(1, 6):
        words = random_words(rng, 2**k - 1)
        row = dict.fromkeys([*words, "</s>"], 0.5**k)
        model = student.support.TableModel(1, {(): row})
        # The last of these texts would have probability 2 to the power of -12 000 or so.
        sentences = random_sentences(rng, k**2, words, 10 * k**2)
        expect(student.ngrams.cross_entropy(model, sentences), float(k))


@exercise("ngrams.cross_entropy", weight=2)
def test_entropy_is_the_floor(student, rng):
    """What a source says costs its entropy under the source itself, and more under others."""
    for size in range(1, 7):
        words = random_words(rng, size + 1)
        sentences = random_sentences(rng, 4 * size, words, size, shortest=1)
        # Each sentence is listed as often as the source says it: the list is the source.
        shares = [count / len(sentences) for count in Counter(map(tuple, sentences)).values()]
        n_tokens = sum(len(sentence) + 1 for sentence in sentences) / len(sentences)
        entropy = sum(-share * math.log2(share) for share in shares) / n_tokens

        order, table = memory(sentences)
        model = student.support.TableModel(order, table)
        expect(student.ngrams.cross_entropy(model, sentences), entropy)

        # Another model takes half of the probability away from what is likely at the start.
        first = {word: p / 2 for word, p in table[("<s>",)].items()}
        first[rng.choice([*first])] += 1 / 2
        other = student.support.TableModel(order, table | {("<s>",): first | {"</s>": 0.0}})
        expected = entropy
        for word, p in table[("<s>",)].items():
            expected += p * math.log2(p / first[word]) / n_tokens
        got = student.ngrams.cross_entropy(other, sentences)
        expect(got, expected)


@exercise("ngrams.cross_entropy", weight=2)
def test_unknown_words_are_scored_or_skipped(student, rng):
    """A word outside the vocabulary costs as much as <unk>, or is not counted at all."""
    for size in range(1, 7):
        words = random_words(rng, size + 2)
        known = [*words[:size], "<unk>"]
        order = rng.randint(1, 3)
        source = random_source(rng, known, order)
        model = student.support.TableModel(order, as_table(source), "<unk>")
        sentences = random_sentences(rng, size + 1, words, 2 * size)
        sentences.append(rng.sample(words[-3:], 3))  # one of these is known, two are not
        scored, skipped = [], []
        for sentence in sentences:
            tokens = ["<s>", *[w if w in known else "<unk>" for w in sentence], "</s>"]
            for end, word in enumerate([*sentence, "</s>"], start=1):
                context = tuple(tokens[max(0, end - order + 1) : end])
                scored.append(source[context][tokens[end]])
                if word in [*known, "</s>"]:
                    skipped.append(scored[-1])
        by_unk, by_skip = (-log2(math.prod(ps)) / len(ps) for ps in (scored, skipped))
        expect(student.ngrams.cross_entropy(model, sentences), by_unk)
        expect(student.ngrams.cross_entropy(model, sentences, "unk"), by_unk)
        expect(student.ngrams.cross_entropy(model, sentences, "skip"), by_skip)


@exercise("ngrams.cross_entropy")
def test_one_impossible_token_costs_everything(student, rng):
    """One scored token of probability zero makes it inf; skipped tokens are not scored."""
    for length in range(1, 6):
        good, bad = rng.sample(SIGNS, 2)
        # No <unk>: a word that this model does not know has probability zero.
        row = {good: 0.5, "</s>": 0.25, "new": 0.25, bad: 0.0}
        model = student.support.TableModel(1, {(): row})
        sentence = [good] * length
        place = rng.randint(0, length)
        with_bad, with_unknown = ([*sentence[:place], w, *sentence[place:]] for w in (bad, "@"))
        finite = (length + 2 * 2 + 1) / (length + 3)
        text = [[good], sentence]
        expect(student.ngrams.cross_entropy(model, text), finite)
        expect(student.ngrams.cross_entropy(model, [[good], with_bad]), math.inf)
        expect(student.ngrams.cross_entropy(model, [[good], with_bad], "skip"), math.inf)
        expect(student.ngrams.cross_entropy(model, [with_unknown, [good]]), math.inf)
        expect(student.ngrams.cross_entropy(model, [with_unknown, [good]], "skip"), finite)


@exercise("ngrams.cross_entropy")
def test_another_rule_for_unknown_words_is_refused(student, rng):
    """Any other value of oov raises ValueError, whether or not a word is unknown."""
    word = rng.choice(SIGNS)
    model = student.support.TableModel(1, {(): {word: 0.5, "</s>": 0.25, "<unk>": 0.25}}, "<unk>")
    for sentence in ([word], [word, "@"]):
        costs = student.ngrams.cross_entropy(model, [sentence], "unk")
        expect(costs, 3 / 2 if len(sentence) == 1 else 5 / 3)
        for rule in ("ignore", "UNK", ""):
            refused = complaint(
                lambda sentence=sentence, rule=rule: student.ngrams.cross_entropy(
                    model, [sentence], rule
                )
            )
            expect_that(refused is not None, expected="a ValueError", got="an answer")


# --- sample_sentences -------------------------------------------------------------------------


def expect_shares(found, shares, what):
    """Require that outcomes were found about as often as their probabilities say."""
    for outcome in found:
        expect_that(outcome in shares, expected=f"{what} of probability above 0", got=outcome)
    n = sum(found.values())
    # The chi-square distribution holds where some ten are expected: rare outcomes count together.
    cells = [[0, 0.0]]
    for outcome in sorted(shares, key=shares.get):
        if cells[-1][1] >= 20:
            cells.append([0, 0.0])
        cells[-1][0] += found[outcome]
        cells[-1][1] += n * shares[outcome]
    if cells[-1][1] < 20 or len(cells) == 1:
        return
    expect_that(
        chisquare(*zip(*cells, strict=True)).pvalue > BY_CHANCE,
        expected=f"{what} about as often as {show({o: n * p for o, p in shares.items()})}",
        got=dict(found),
    )


@exercise("ngrams.sample_sentences", weight=2)
def test_sentences_come_as_often_as_they_should(student, rng):
    """Each sentence comes about as often as its probability says, and no impossible one."""
    for size in range(1, 5):
        words = [*random_words(rng, size), "<unk>"]
        listed = random_sentences(rng, 4 * size, words, size + 1, shortest=1)
        listed += [[], words]
        model = student.support.TableModel(*memory(listed), "<unk>")
        shares = {s: n / len(listed) for s, n in Counter(map(tuple, listed)).items()}
        n_sentences = 400 * size
        sentences = student.ngrams.sample_sentences(model, n_sentences, rng.getrandbits(30))
        expect(len(sentences), n_sentences, given="the number of sentences")
        expect_shares(Counter(map(tuple, sentences)), shares, "sentences")


@exercise("ngrams.sample_sentences", weight=2)
def test_words_follow_each_other_as_often_as_they_should(student, rng):
    """After each word every word of the vocabulary comes about as often as it should."""
    for n_words in range(1, 4):
        words = [*random_words(rng, n_words), "<unk>"]
        source = random_source(rng, words, 2)
        model = student.support.TableModel(2, as_table(source), "<unk>")
        # So many tokens are allowed that no sentence of this source needs them.
        sentences = student.ngrams.sample_sentences(model, 600, rng.getrandbits(30), 5000)
        expect(len(sentences), 600, given="the number of sentences")
        found = Counter(pair for s in sentences for pair in pairwise(marked(s)))
        for (context,), row in source.items():
            after = Counter({pair[1]: n for pair, n in found.items() if pair[0] == context})
            expect_shares(after, {w: float(p) for w, p in row.items()}, f"words after {context!r}")


@exercise("ngrams.sample_sentences")
def test_a_source_that_is_sure(student, rng):
    """The model is told all that was written so far, and each sentence starts afresh."""
    for length in range(1, 9):
        words = random_words(rng, 2)
        # Of two words only: what comes next cannot be known from the last word alone.
        sentence = rng.choices(words, k=length)
        model = student.support.TableModel(*memory([sentence]))
        got = student.ngrams.sample_sentences(model, length, rng.getrandbits(30))
        expect(got, [sentence] * length)


@exercise("ngrams.sample_sentences")
def test_seeds(student, rng):
    """The same seed writes the same sentences, another seed writes others."""
    for n_words in (3, 6, 9):
        words = random_words(rng, n_words)
        model = student.support.TableModel(2, as_table(random_source(rng, words, 2)))
        seeds = rng.sample(range(1000), 3)
        once, again = (
            [student.ngrams.sample_sentences(model, 60, seed) for seed in seeds] for _ in "12"
        )
        expect(again, once)
        strangers = {word for text in once for sentence in text for word in sentence} - {*words}
        expect(strangers, set(), given="the words that are not in the vocabulary")
        different = len({tuple(map(tuple, text)) for text in once})
        expect(different, 3, given=f"how many different texts the seeds {seeds} wrote")


@exercise("ngrams.sample_sentences")
def test_seeds_in_another_run(student, rng):
    """A seed writes the same in every run of Python, though a set has another order in each."""
    for n_words in (3, 6, 9):
        words = random_words(rng, n_words)
        table = as_table(random_source(rng, words, 2))
        seed = rng.getrandbits(30)
        now, then = (
            student.ngrams.sample_sentences(
                student.support.TableModel(2, table, backwards=backwards), 20, seed
            )
            for backwards in (False, True)
        )
        strangers = {word for sentence in [*now, *then] for word in sentence} - {*words}
        expect(strangers, set(), given="the words that are not in the vocabulary")
        expect([len(now), len(then)], [20, 20], given="the numbers of sentences")
        expect(then, now)


@exercise("ngrams.sample_sentences")
def test_endless_sentences_are_cut(student, rng):
    """A sentence that has not ended after max_tokens words is cut there, and kept."""
    for longest in range(1, 6):
        endless, finite, last = random_words(rng, 3)
        # A sentence is finite…finite, just short enough, or endless…endless.
        listed = [[finite] * longest, [endless] * (longest + 3)]
        model = student.support.TableModel(*memory(listed))
        got = student.ngrams.sample_sentences(model, 60, rng.getrandbits(30), longest)
        expect(len(got), 60, given="the number of sentences")
        expect(
            {tuple(sentence) for sentence in got},
            {(finite,) * longest, (endless,) * longest},
            given=f"the different sentences for max_tokens={longest}",
        )
    forever = student.support.TableModel(1, {(): {last: 1.0, "</s>": 0.0}})
    expect(student.ngrams.sample_sentences(forever, 2, 0), [[last] * 50] * 2)
    expect(student.ngrams.sample_sentences(forever, 1, 0, max_tokens=77), [[last] * 77])
