"""A new sentence goes on where the last one ended.

The context is not put back to <s>, so the model is asked what follows the end of the sentence
before. Each sentence starts from the begin marker alone.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary)
    sentences = []
    tokens = [BOS]
    for _ in range(n_sentences):
        start = len(tokens)
        while len(tokens) < start + max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[start:])
    return sentences
