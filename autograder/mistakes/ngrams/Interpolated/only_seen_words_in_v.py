"""The uniform part divides by the words in the text, without <unk>.

V is the size of the vocabulary: every word that may be asked for, seen or not. The uniform part
exists for the unseen ones; leave them out of V and the sum is more than 1.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        parts = [1 / len(self.counts[0])]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            total = self.totals[recent[:-1]]
            seen = order <= len(ngram) and total > 0
            parts.append(self.counts[order - 1][recent] / total if seen else parts[-1])
        return parts
