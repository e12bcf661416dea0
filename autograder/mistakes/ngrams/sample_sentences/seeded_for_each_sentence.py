"""The generator is seeded anew for each sentence.

A seed fixes the whole sequence of draws. Started again before each sentence, it makes the same
draws and writes the same sentence every time. Make one generator, before the loop.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        generator = random.Random(seed)
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
