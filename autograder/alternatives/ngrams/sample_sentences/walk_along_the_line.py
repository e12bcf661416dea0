"""It walks along the words until their probabilities exceed a random number; tuples come back."""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary, reverse=True)

    def draw(context):
        left = generator.random()
        for word in words:
            p = model.prob(word, context)
            if left < p:
                return word
            left -= p
        return max(words, key=lambda word: model.prob(word, context))

    def write(tokens):
        if len(tokens) > max_tokens:
            return tokens[1:]
        word = draw(tokens)
        return tokens[1:] if word == EOS else write((*tokens, word))

    return tuple(write((BOS,)) for _ in range(n_sentences))
