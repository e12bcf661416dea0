"""Each word is drawn from the one word before it, whatever the model.

That is right for a bigram model only. Pass all that is written so far, and let the model cut off
what it cannot use.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens[-1:]) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
