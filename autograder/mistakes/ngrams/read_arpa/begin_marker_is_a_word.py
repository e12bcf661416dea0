"""<s> becomes a word of the vocabulary.

It has a line only to carry its weight. As a word it takes part in sums, samples and perplexities
over the vocabulary, and prob("<s>") is 0 instead of that of any other unknown token.
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
            fields = line.split()
            logprob, ngram = float(fields[0]), tuple(fields[1 : m + 1])
            found[m] += 1
            probabilities[ngram] = 10**logprob if logprob > -99 else 0.0
            if len(fields) > m + 1:
                backoffs[ngram] = 10 ** float(fields[m + 1])
    for m, n in announced.items():
        if found[m] != n:
            raise ValueError(f"{m}-grams: {found[m]} instead of {n}")
    vocabulary = {ngram[0] for ngram in probabilities if len(ngram) == 1}
    return BackoffModel(max(announced), vocabulary, probabilities, backoffs)
