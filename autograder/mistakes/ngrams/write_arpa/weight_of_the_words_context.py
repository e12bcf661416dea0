"""The third field is the weight of the context that the line begins with.

The line "a b" carries γ(a b), the weight for going on from "a b". γ(a) has its place on the
line of "a".
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 0.0, **model.probabilities}.items():
        fields = [log10(p), " ".join(ngram)]
        if ngram[:-1] in model.backoffs and 1 < len(ngram) < model.order:
            fields.append(log10(model.backoffs[ngram[:-1]]))
        sections[len(ngram)].append("\t".join(fields))
    text = "\\data\\\n"
    for m, lines in sections.items():
        text += f"ngram {m}={len(lines)}\n"
    for m, lines in sections.items():
        text += f"\n\\{m}-grams:\n" + "".join(line + "\n" for line in lines)
    return text + "\n\\end\\\n"
