"""Each token goes wholly to its likeliest component.

That is k-means' hard assignment. EM shares a token out in proportion, so that a component which
is a close second for many tokens keeps a good part of them.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        winners = (components * weights).argmax(axis=1)
        weights = np.bincount(winners, minlength=n_components) / len(components)
    return weights
