"""The shares forget the current weights.

How much of a token is owed to a component depends on how likely the component is (λ) and on how
likely it makes the token (p). With p alone every round repeats the first.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        weights = (components / components.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
