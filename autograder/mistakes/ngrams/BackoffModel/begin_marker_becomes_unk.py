"""In the context <s> is read as <unk>.

<s> is in no vocabulary, since it is never predicted, but the model has seen it in front of every
first word. Read as <unk>, sentences begin as if after some rare word.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        recent = context[max(0, len(context) - self.order + 1) :]
        ngram = tuple(t if t in self.vocabulary else UNK for t in (*recent, word))
        weight = 1.0
        while ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram]
