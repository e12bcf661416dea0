"""It always writes the most likely word instead of drawing one.

Then every sentence is the same, often a loop that never ends. A sample shows what the model
believes: likely words often, unlikely ones now and then.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = [BOS]
        while len(tokens) <= max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = words[weights.index(max(weights))]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
