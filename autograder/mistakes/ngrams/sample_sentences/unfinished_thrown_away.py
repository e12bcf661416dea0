"""A sentence that has not ended after max_tokens words is thrown away.

Then fewer sentences come back than were asked for, and the long ones are missing, so that the
sample no longer looks like the model. Cut the sentence and keep it.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        else:
            continue
        sentences.append(tokens[1:])
    return sentences
