"""Keeps logarithms and normalises each row by its largest entry, and the weights at the end."""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    with np.errstate(divide="ignore"):
        log_p = np.log(components)
        log_weights = np.full(components.shape[1], -np.log(components.shape[1]))
        for _ in range(iterations):
            joint = log_p + log_weights
            shares = np.exp(joint - joint.max(axis=1, keepdims=True))
            shares /= shares.sum(axis=1, keepdims=True)
            log_weights = np.log(shares.mean(axis=0))
    weights = np.exp(log_weights)
    return weights / weights.sum()
