"""Right: a table of formulas."""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    ratio = reference - logprobs
    formulas = {
        "k1": lambda: logprobs - reference,
        "k2": lambda: 0.5 * ratio**2,
        "k3": lambda: ratio.expm1() - ratio,
    }
    return formulas[kind]()
