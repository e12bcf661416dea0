"""It always looks into the table of the longest n-grams.

Near the beginning of a sentence, or without a context, there are fewer than n-1 tokens to look back
at. Then the shorter n-grams answer, and the longest table knows none of them.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        total = self.totals[ngram[:-1]]
        return self.counts[-1][ngram] / total if total else 0.0
