"""The first word is drawn after an empty context instead of after <s>.

An empty context asks which words occur anywhere. <s> tells the model that a sentence begins, and
every later context starts with it too.
"""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(seed)
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        tokens = []
        while len(tokens) < max_tokens:
            weights = [model.prob(word, tokens) for word in words]
            word = generator.choices(words, weights)[0]
            if word == EOS:
                break
            tokens.append(word)
        sentences.append(tokens)
    return sentences
