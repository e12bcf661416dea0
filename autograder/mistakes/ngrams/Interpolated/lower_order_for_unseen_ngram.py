"""The order below is repeated whenever the n-gram is unseen, though its context was seen.

If the context was seen, a word that never followed it has relative frequency 0, and that is
information. Giving it the lower order's share on top makes the sum exceed 1.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        parts = [1 / len(self.vocabulary)]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            count = self.counts[order - 1][recent] if order <= len(ngram) else 0
            parts.append(count / self.totals[recent[:-1]] if count else parts[-1])
        return parts
