"""N-grams of probability zero are left out.

Then a reader backs off for them and finds some positive probability. What the format has for a
zero is -99.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 1e-99, **model.probabilities}.items():
        if p == 0:
            continue
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
