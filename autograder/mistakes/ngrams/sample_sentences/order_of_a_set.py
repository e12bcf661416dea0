"""The words are drawn from a set in the order in which it happens to be.

Python orders a set of strings differently in every run, so the same seed writes other sentences
tomorrow. Put the words in a fixed order before drawing; sorted will do.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = list(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
