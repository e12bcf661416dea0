"""The rounds start from random weights.

The likelihood has one maximum only, so nothing is gained by chance: after few rounds the answer
depends on the draw, and the same call gives different weights.
"""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    weights = np.random.default_rng().dirichlet(np.ones(components.shape[1]))
    for _ in range(iterations):
        joint = components * weights
        weights = (joint / joint.sum(axis=1, keepdims=True)).mean(axis=0)
    return weights
