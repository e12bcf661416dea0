"""The sentences still end with </s>.

Drawing </s> means to stop. It is a marker, not a word, and sentences are handed on without markers:
scored again, this one would have two ends.
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
            tokens.append(word)
            if word == EOS:
                break
        sentences.append(tokens[1:])
    return sentences
