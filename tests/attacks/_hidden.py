"""The hidden tests that the attacks are after: few and cheap, with inputs that are easy to spot."""

import math
from collections import Counter
from itertools import pairwise

from autograder.testing import exercise, expect


def hidden_sentences(rng):
    words = [f"zqhidden{rng.randrange(10**6)}" for _ in range(3)]
    return [rng.choices(words, k=size) for size in (1, 2, 5)]


@exercise("ngrams.count_ngrams", weight=2)
def test_pairs(student, rng):
    """Neighbouring tokens are counted."""
    for sentences in (hidden_sentences(rng), hidden_sentences(rng)):
        expected = Counter()
        for tokens in (["<s>", *sentence, "</s>"] for sentence in sentences):
            expected.update(pairwise(tokens))
        expect(student.ngrams.count_ngrams(sentences, 2), expected)


@exercise("ngrams.count_ngrams")
def test_single_tokens(student, rng):
    """Words are counted one by one."""
    sentences = hidden_sentences(rng)
    expected = Counter((word,) for sentence in sentences for word in sentence)
    expected["</s>",] = len(sentences)
    expect(student.ngrams.count_ngrams(sentences, 1), expected)


@exercise("ngrams.MaximumLikelihood")
def test_relative_frequency(student, rng):
    """A model of one sentence knows what follows."""
    word = hidden_sentences(rng)[0][0]
    model = student.ngrams.MaximumLikelihood([[word], [word, f"{word}!"]], 2)
    expect(model.prob("</s>", [word]), 0.5)


@exercise("ngrams.sentence_logprob")
def test_logprob(student, rng):
    """The logarithms of the factors are added."""
    word = hidden_sentences(rng)[0][0]
    model = student.support.TableModel(1, {(): {word: 0.25, "</s>": 0.5}})
    expect(student.ngrams.sentence_logprob(model, [word]), -math.log(8))
