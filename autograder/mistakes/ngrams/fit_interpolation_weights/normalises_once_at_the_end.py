"""λ p is averaged over the tokens first and normalised afterwards.

Then a rare word, where all p are small, hardly counts. Each token's shares have to add up to 1
before the mean, so that every token has one vote.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        weights = (components * weights).mean(axis=0)
        weights /= weights.sum()
    return weights
