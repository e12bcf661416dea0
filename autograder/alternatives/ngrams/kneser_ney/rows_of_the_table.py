"""Right: one dict of words for each context, filled row by row.

Counts are kept as context → word → count, and a row is finished before the next is begun.
"""

from langmodels.ngrams import *


def kneser_ney(sentences, order, vocabulary=None, discounts=None):
    sentences = list(sentences)
    words = sorted(build_vocabulary(sentences) if vocabulary is None else vocabulary)
    position = {word: i for i, word in enumerate(words)}
    texts = [
        ["<s>", *(word if word in position else "<unk>" for word in sentence), "</s>"]
        for sentence in sentences
    ]

    rows = [{} for _ in range(order)]  # rows[m][context][word], contexts of m words
    predecessors = [{} for _ in range(order)]
    for text in texts:
        for end in range(1, len(text)):
            for m in range(min(order, end + 1)):
                context, word = tuple(text[end - m : end]), text[end]
                row = rows[m].setdefault(context, {})
                row[word] = row.get(word, 0) + 1
                if end > m:
                    before = predecessors[m].setdefault((*context, word), set())
                    before.add(text[end - m - 1])
    for m in range(order - 1):
        for context, row in rows[m].items():
            if context[:1] != ("<s>",):
                for word in row:
                    row[word] = len(predecessors[m][*context, word])

    backoffs = {}
    mixed = np.full(len(words), 1 / len(words))
    table = {(): mixed}
    probabilities = {}
    for m in range(order):
        counts = {(*context, w): c for context, row in rows[m].items() for w, c in row.items()}
        d = np.array([0.0, *(discounts[m] if discounts else modified_discounts(counts))])
        finished = {}
        for context, row in rows[m].items():
            count = np.zeros(len(words), dtype=int)
            for word, c in row.items():
                count[position[word]] = c
            taken = d[np.minimum(count, 3)]
            backoffs[context] = float(taken.sum() / count.sum())
            lower = table[context[1:]]
            finished[context] = (count - taken) / count.sum() + backoffs[context] * lower
            for word in row:
                probabilities[(*context, word)] = float(finished[context][position[word]])
        table = finished or table
        if m == 0:
            probabilities |= {(w,): float(table[()][i]) for w, i in position.items()}
    return BackoffModel(order, words, probabilities, backoffs)
