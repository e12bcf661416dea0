"""Goes from the single word up: a longer n-gram that was seen replaces the score so far."""

from fractions import Fraction

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        score = Fraction(0)
        for length in range(1, len(ngram) + 1):
            recent = ngram[len(ngram) - length :]
            if recent in self.counts[length - 1]:
                score = Fraction(self.counts[length - 1][recent], self.totals[recent[:-1]])
            else:
                score *= Fraction(self.alpha)
        return float(score)
