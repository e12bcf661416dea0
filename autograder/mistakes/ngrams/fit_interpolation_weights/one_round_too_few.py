"""One round is missing.

Starting the count at 1, or taking the equal weights for the first round's result, leaves
N - 1 rounds. Far from the maximum one round makes a large difference.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(1, iterations):
        joint = components * weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
