"""Right: sorted n-grams, scientific notation, a weight on every line that may have one.

Weights that the model does not store are written as 0, the logarithm of 1.
"""

from langmodels.ngrams import *


def write_arpa(model):
    by_order = defaultdict(dict)
    for ngram in sorted({*model.probabilities, ("<s>",)}, key=lambda g: (len(g), g)):
        by_order[len(ngram)][ngram] = model.probabilities.get(ngram, 0)
    lines = ["\\data\\", *(f"ngram {m}={len(by_order[m])}" for m in range(1, model.order + 1))]
    for m in range(1, model.order + 1):
        lines.extend(["", f"\\{m}-grams:"])
        for ngram, p in by_order[m].items():
            with np.errstate(divide="ignore"):
                numbers = np.maximum(np.log10([p, model.backoffs.get(ngram, 1)]), -99)
            line = f"{numbers[0]:.8e}\t" + " ".join(ngram)
            lines.append(line if m == model.order else f"{line}\t{numbers[1]:.8e}")
    return "\n".join([*lines, "", "\\end\\"])
