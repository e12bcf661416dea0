"""Plain Python loops over tokens and components."""

from langmodels.ngrams import *


def fit_interpolation_weights(components, iterations=100):
    rows = components.tolist()
    n = len(rows[0])
    weights = [1 / n] * n
    for _ in range(iterations):
        owed = [0.0] * n
        for row in rows:
            mixture = math.fsum(w * p for w, p in zip(weights, row, strict=True))
            for m, p in enumerate(row):
                owed[m] += weights[m] * p / mixture
        weights = [share / len(rows) for share in owed]
    return np.array(weights)
