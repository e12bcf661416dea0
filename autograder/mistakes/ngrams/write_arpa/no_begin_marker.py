"""<s> is not listed with the words.

<s> is never predicted, but it is a context, and its weight has no other place than its own line.
Without it every first word of a sentence backs off for free.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in model.probabilities.items():
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
