"""Every word runs a race at the speed of its probability, and the first one is written."""

from langmodels.ngrams import *


def sample_sentences(model, n_sentences, seed, max_tokens=50):
    generator = random.Random(f"{seed}")

    def arrival(word, context):
        p = model.prob(word, context)
        time = generator.expovariate(1.0)
        return time / p if p > 0 else math.inf

    def one():
        history = [BOS]
        for _ in range(max_tokens):
            race = {word: arrival(word, history) for word in sorted(model.vocabulary)}
            word = min(race, key=race.get)
            if word == EOS:
                break
            history.append(word)
        return history[1:]

    return [one() for _ in range(n_sentences)]
