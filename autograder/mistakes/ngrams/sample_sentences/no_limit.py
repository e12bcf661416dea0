"""max_tokens has no effect.

Some models end a sentence almost never, or never; the loop must stop by itself. This one stops at
a length that has nothing to do with what was asked.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        for _ in range(1000):
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
