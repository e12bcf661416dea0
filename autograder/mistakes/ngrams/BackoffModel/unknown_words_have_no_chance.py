"""Words outside the vocabulary get probability 0 instead of that of <unk>.

One new word would make a whole text impossible. The model keeps a probability for words that it
does not know: they are read as <unk>, in the context too.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        ngram = (*context[max(0, len(context) - self.order + 1) :], word)
        weight = 1.0
        while ngram and ngram not in self.probabilities:
            weight *= self.backoffs.get(ngram[:-1], 1.0)
            ngram = ngram[1:]
        return weight * self.probabilities[ngram] if ngram else 0.0
