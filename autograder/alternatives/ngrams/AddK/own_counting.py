"""Keeps its own table of followers for each context, as nested dicts, and cuts contexts itself."""

from langmodels.ngrams import *


class AddK(NgramModel):
    def __init__(self, sentences, order, k=1.0, vocabulary=None):
        sentences = list(sentences)
        words = set(vocabulary or [w for s in sentences for w in s]) | {"</s>", "<unk>"}
        super().__init__(order, words)
        self.k = k
        self.after = {}
        for sentence in sentences:
            text = ["<s>"] + [w if w in words else "<unk>" for w in sentence] + ["</s>"]
            for t in range(1, len(text)):
                for start in range(max(0, t - order + 1), t + 1):
                    row = self.after.setdefault(tuple(text[start:t]), {})
                    row[text[t]] = row.get(text[t], 0) + 1

    def prob(self, word, context=()):
        words = self.vocabulary
        history = [w if w in words or w == "<s>" else "<unk>" for w in context]
        del history[: max(0, len(history) - self.order + 1)]
        row = self.after.get(tuple(history), {})
        count = row.get(word if word in words else "<unk>", 0)
        return (count + self.k) / (sum(row.values()) + self.k * len(words))
