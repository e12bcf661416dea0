"""It draws among the possible words without regard to their probabilities.

Which words are possible says little; how likely they are is what the model has learnt. Draw each
word as often as its probability says.
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
            word = generator.choice([w for w, p in zip(words, weights, strict=True) if p > 0])
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens[1:])
    return sentences
