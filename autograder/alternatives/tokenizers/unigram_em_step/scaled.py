"""Plain probabilities, scaled at each place so that they stay near 1."""

from langmodels.tokenizers import *


def unigram_em_step(word_counts, logprobs):
    p = {piece: math.exp(value) for piece, value in logprobs.items()}
    expected = defaultdict(float)
    for word, count in word_counts.items():
        n = len(word)
        ends = [[] for _ in range(n + 1)]
        for j in range(1, n + 1):
            ends[j] = (
                [i for i in range(j) if word[i:j] in p]
                if len(word) < 50
                else [i for i in range(max(0, j - max(map(len, p))), j) if word[i:j] in p]
            )
        # forward[j] is the sum over ways times 2 to the scale[j]
        forward, scale = [1.0, *[0.0] * n], [0] * (n + 1)
        for j in range(1, n + 1):
            if not ends[j]:
                continue
            known = [i for i in ends[j] if forward[i]]
            if not known:
                continue
            scale[j] = min(scale[i] for i in known)
            value = sum(forward[i] * p[word[i:j]] * 2.0 ** (scale[j] - scale[i]) for i in known)
            shift = -math.frexp(value)[1]
            forward[j], scale[j] = math.ldexp(value, shift), scale[j] + shift
        if not forward[n]:
            raise ValueError(f"cannot cut {word!r}")
        share = [0.0] * n + [1.0]
        for j in range(n, 0, -1):
            if share[j]:
                for i in ends[j]:
                    if forward[i]:
                        part = forward[i] * p[word[i:j]] * 2.0 ** (scale[j] - scale[i]) / forward[j]
                        share[i] += share[j] * part
                        expected[word[i:j]] += count * share[j] * part
    total = sum(expected.values())
    return {piece: math.log(value / total) for piece, value in expected.items() if value}
