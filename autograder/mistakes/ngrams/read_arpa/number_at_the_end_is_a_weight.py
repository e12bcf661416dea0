"""If the last field looks like a number it is taken for a weight.

"in 1984" ends in a number and has no weight. Only the length of the line tells: 1 + m fields
without a weight, 2 + m with one.
"""

from langmodels.ngrams import *


def read_arpa(text):
    lines = [line.strip() for line in text.splitlines()]
    if "\\data\\" not in lines or "\\end\\" not in lines:
        raise ValueError("\\data\\ or \\end\\ is missing")
    lines = lines[lines.index("\\data\\") + 1 : lines.index("\\end\\")]
    announced, found = {}, Counter()
    probabilities, backoffs = {}, {}
    m = 0
    for line in lines:
        if line.startswith("ngram "):
            order, _, n = line[6:].partition("=")
            announced[int(order)] = int(n)
        elif line.endswith("-grams:"):
            m = int(line[1:-7])
        elif line:
            logprob, *fields = line.split()
            logprob, weight = float(logprob), None
            try:
                weight = float(fields[-1])
                fields.pop()
            except ValueError:
                pass
            ngram = tuple(fields)
            found[m] += 1
            probabilities[ngram] = 10**logprob if logprob > -99 else 0.0
            if weight is not None:
                backoffs[ngram] = 10**weight
    for m, n in announced.items():
        if found[m] != n:
            raise ValueError(f"{m}-grams: {found[m]} instead of {n}")
    probabilities.pop((BOS,), None)
    vocabulary = {ngram[0] for ngram in probabilities if len(ngram) == 1}
    return BackoffModel(max(announced), vocabulary, probabilities, backoffs)
