"""The weights are written as they are, not as logarithms.

Readers add the third field to a sum of logarithms. A weight of 0.4 then makes a word 2.5 times
likelier instead of less likely.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 0.0, **model.probabilities}.items():
        fields = [log10(p), " ".join(ngram)]
        if ngram in model.backoffs and len(ngram) < model.order:
            fields.append(f"{model.backoffs[ngram]:.7f}")
        sections[len(ngram)].append("\t".join(fields))
    text = "\\data\\\n"
    for m, lines in sections.items():
        text += f"ngram {m}={len(lines)}\n"
    for m, lines in sections.items():
        text += f"\n\\{m}-grams:\n" + "".join(line + "\n" for line in lines)
    return text + "\n\\end\\\n"
