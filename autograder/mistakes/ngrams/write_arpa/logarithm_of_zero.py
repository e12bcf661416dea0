"""The logarithm of a zero is asked for.

math.log10(0) raises ValueError. Zeros do occur: in models without smoothing, and as the weight of
a context whose words have all the mass.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 1e-99, **model.probabilities}.items():
        fields = [log10(p), " ".join(ngram)]
        if ngram in model.backoffs and len(ngram) < model.order:
            fields.append(log10(model.backoffs[ngram]))
        sections[len(ngram)].append("\t".join(fields))
    text = "\\data\\\n"
    for m, lines in sections.items():
        text += f"ngram {m}={len(lines)}\n"
    for m, lines in sections.items():
        text += f"\n\\{m}-grams:\n" + "".join(line + "\n" for line in lines)
    return text + "\n\\end\\\n"
