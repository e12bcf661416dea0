"""Right: each word points back to the words before it, in a tree.

N-grams are stored with the newest token first, as many toolkits do, so that the children of a
node are the tokens that occur before it: their number is the continuation count.
"""

from langmodels.ngrams import *


class Node:
    def __init__(self):
        self.count = 0
        self.before = {}


def kneser_ney(sentences, order, vocabulary=None, discounts=None):
    sentences = [list(sentence) for sentence in sentences]
    if vocabulary is None:
        vocabulary = build_vocabulary(sentences)
    root = Node()
    for sentence in map_unknown(sentences, vocabulary):
        text = pad(sentence)
        for end in range(1, len(text)):
            node = root
            for token in text[max(0, end - order + 1) : end + 1][::-1]:
                node = node.before.setdefault(token, Node())
                node.count += 1

    adjusted = [{} for _ in range(order)]

    def visit(node, gram):
        if gram:
            plain = len(gram) == order or gram[0] == BOS
            adjusted[len(gram) - 1][gram] = node.count if plain else len(node.before)
        for token, child in node.before.items():
            visit(child, (token, *gram))

    visit(root, ())
    probabilities = dict.fromkeys([(word,) for word in vocabulary], 0.0)
    backoffs = {}
    for m, counts in enumerate(adjusted):
        d = discounts[m] if discounts else modified_discounts(counts)
        by_context = defaultdict(list)
        for gram in counts:
            by_context[gram[:-1]].append(gram)
        for context, grams in by_context.items():
            total = math.fsum(counts[gram] for gram in grams)
            backoffs[context] = math.fsum(d[min(counts[g], 3) - 1] for g in grams) / total
            for gram in grams:
                probabilities[gram] = (counts[gram] - d[min(counts[gram], 3) - 1]) / total
        if m == 0:
            for word in vocabulary:
                probabilities[(word,)] += backoffs.get((), 1.0) / len(vocabulary)
        else:
            for gram in counts:
                probabilities[gram] += backoffs[gram[:-1]] * probabilities[gram[1:]]
    return BackoffModel(order, vocabulary, probabilities, backoffs)
