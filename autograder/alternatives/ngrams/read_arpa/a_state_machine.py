"""Right: one pass over the lines that remembers where it is.

Counts are ticked off as lines arrive, and a weight of 1 is stored where none is given.
"""

from langmodels.ngrams import *


def read_arpa(text):
    state, order, expected = "before", 0, {}
    probabilities, backoffs = {}, {}
    for line in text.split("\n"):
        match line.split():
            case ["\\data\\"] if state == "before":
                state = "header"
            case _ if state in ("before", "after"):
                continue
            case []:
                continue
            case ["\\end\\"]:
                state = "after"
            case ["ngram", *rest] if state == "header":
                m, n = "".join(rest).split("=")
                expected[int(m)] = int(n)
            case [title] if title.endswith("-grams:"):
                state, order = "section", int(title.strip("\\").removesuffix("-grams:"))
            case [logprob, *rest]:
                expected[order] -= 1
                ngram, weight = tuple(rest[:order]), rest[order:] or ["0"]
                value = float(logprob)
                probabilities[ngram] = 0.0 if value <= -99 else math.pow(10, value)
                backoffs[ngram] = math.pow(10, float(weight[0]))
    if state != "after":
        raise ValueError(f"the file is not whole: it stops in the state {state!r}")
    wrong = [f"{m}-grams" for m, left in expected.items() if left]
    if wrong:
        raise ValueError(f"other counts than announced in {', '.join(wrong)}")
    words = frozenset(ngram[0] for ngram in probabilities if len(ngram) == 1) - {"<s>"}
    return BackoffModel(max(expected), words, probabilities, backoffs)
