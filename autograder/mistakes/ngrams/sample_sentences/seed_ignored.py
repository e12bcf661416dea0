"""The seed is not used.

The module's own generator starts differently in every run, so nobody can repeat the experiment.
Make a random.Random(seed) and draw from it.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = random.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
