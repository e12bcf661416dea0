"""The new weights are the sums of the shares, not their means.

The shares of one token add up to 1, so those of T tokens add up to T. The next E-step hides
it, as a common factor cancels there; the answer is T times too large.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_components = components.shape[1]
    weights = np.full(n_components, 1 / n_components)
    for _ in range(iterations):
        joint = components * weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).sum(axis=0)
    return weights
