"""Words outside the vocabulary are looked up as they are.

The model has counted them as <unk>, so under their own name they have count 0. An unknown word has
to be read as <unk> in the question too, as a word and as context.
"""

from langmodels.ngrams import *


class MaximumLikelihood(MaximumLikelihood):
    def prob(self, word, context=()):
        recent = tuple(context[max(0, len(context) - self.order + 1) :])
        total = self.totals[recent]
        return self.counts[len(recent)][(*recent, word)] / total if total else 0.0
