"""Each count is divided by the number of tokens, not by how often its context was seen.

c(h w)/T is how often the pair occurs at all. What is asked for is how often w comes once h is
there: c(h w) among everything that followed h.
"""

from langmodels.ngrams import *


class Interpolated(Interpolated):
    def components(self, word, context=()):
        ngram = self.ngram(word, context)
        n_tokens = self.totals[()]
        parts = [1 / len(self.vocabulary)]
        for order in range(1, self.order + 1):
            recent = ngram[-order:]
            seen = order <= len(ngram) and self.totals[recent[:-1]] > 0
            parts.append(self.counts[order - 1][recent] / n_tokens if seen else parts[-1])
        return parts
