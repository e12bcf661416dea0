"""A weight of 0 is written at the highest order, too.

Nothing can have an n-gram of full length as its context, so the format has no field for it there;
some readers stop at a line that is longer than they expect.
"""

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return f"{math.log10(value):.7f}" if value > 0 else "-99"

    sections = {m: [] for m in range(1, model.order + 1)}
    for ngram, p in {(BOS,): 0.0, **model.probabilities}.items():
        fields = [log10(p), " ".join(ngram)]
        if ngram in model.backoffs or len(ngram) == model.order:
            fields.append(log10(model.backoffs.get(ngram, 1.0)))
        sections[len(ngram)].append("\t".join(fields))
    text = "\\data\\\n"
    for m, lines in sections.items():
        text += f"ngram {m}={len(lines)}\n"
    for m, lines in sections.items():
        text += f"\n\\{m}-grams:\n" + "".join(line + "\n" for line in lines)
    return text + "\n\\end\\\n"
