"""Uses that the new weight is the old one times the gradient of the mean log-likelihood."""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    n_tokens, n_components = components.shape
    weights = np.ones(n_components) / n_components
    for _ in range(iterations):
        gradient = components.T @ (1 / (components @ weights)) / n_tokens
        weights = weights * gradient
    return weights
