"""<s> counts among the tokens of the text.

A single word's frequency is its share of everything that was predicted: the words and one </s>
for each sentence. <s> is given, never predicted; counted in, it makes all scores too small.
"""

from langmodels.ngrams import *


class StupidBackoff(StupidBackoff):
    def score(self, word, context=()):
        ngram = self.ngram(word, context)
        price = 1.0
        while len(ngram) > 1 and not self.counts[len(ngram) - 1][ngram]:
            ngram = ngram[1:]
            price *= self.alpha
        total = self.totals[ngram[:-1]]
        if len(ngram) == 1:
            total += self.counts[0][(EOS,)]  # as many <s> as </s>
        return price * self.counts[len(ngram) - 1][ngram] / total
