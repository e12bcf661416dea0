"""Right: begin with the single word and lengthen the context step by step.

After each step `p` is P(w | the context so far), so nothing has to be remembered but that.
"""

from langmodels.ngrams import *


class BackoffModel(BackoffModel):
    def prob(self, word, context=()):
        *tokens, target = self.ngram(word, context)
        p = self.probabilities[(target,)]
        for n_tokens in range(1, len(tokens) + 1):
            recent = tuple(tokens[-n_tokens:])
            p = self.probabilities.get((*recent, target), self.backoffs.get(recent, 1) * p)
        return p
