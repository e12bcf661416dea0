"""numpy's generator, with choice over the sorted words."""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = np.random.default_rng(seed)
    words = sorted(model.vocabulary)
    sentences = []
    for _ in range(n_sentences):
        sentence = []
        while len(sentence) < max_tokens:
            p = np.array([model.prob(word, [BOS, *sentence]) for word in words])
            word = words[generator.choice(len(words), p=p / p.sum())]
            if word == EOS:
                break
            sentence.append(word)
        sentences.append(sentence)
    return sentences
