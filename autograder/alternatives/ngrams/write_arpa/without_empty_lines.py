"""Right: no empty lines, numbers as repr writes them, words in reverse order.

The text grows in a buffer; the number of n-grams is counted before anything is written.
"""

from io import StringIO

from langmodels.ngrams import *


def write_arpa(model):
    def log10(value):
        return repr(math.log(value, 10)) if value else "-99.0"

    file = StringIO()
    print("\\data\\", file=file)
    lengths = [len(ngram) for ngram in model.probabilities]
    for m in range(1, model.order + 1):
        print("ngram ", m, "=", lengths.count(m) + (m == 1), sep="", file=file)
    for m in range(1, model.order + 1):
        print(f"\\{m}-grams:", file=file)
        ngrams = [ngram for ngram in model.probabilities if len(ngram) == m]
        for ngram in [*reversed(ngrams), *([("<s>",)] if m == 1 else [])]:
            fields = [log10(model.probabilities.get(ngram, 0)), " ".join(ngram)]
            if m < model.order and ngram in model.backoffs:
                fields.append(log10(model.backoffs[ngram]))
            print(*fields, sep="\t", file=file)
    print("\\end\\", file=file)
    return file.getvalue()
