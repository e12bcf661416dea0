"""After an unseen context a shorter one is tried.

Backing off is a good idea, and the next exercises do it. But it is another model: add-k knows
nothing about shorter contexts, and after an unseen one all words are equally likely.
"""

from langmodels.ngrams import *


class AddK(AddK):
    def prob(self, word, context=()):
        ngram = self.ngram(word, context)
        while len(ngram) > 1 and not self.totals[ngram[:-1]]:
            ngram = ngram[1:]
        count = self.counts[len(ngram) - 1][ngram]
        return (count + self.k) / (self.totals[ngram[:-1]] + self.k * len(self.vocabulary))
