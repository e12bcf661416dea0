"""Right: in double precision inside."""

from langmodels.preferences import *


def kl_estimate(logprobs, reference, kind="k3"):
    there, here = reference.double(), logprobs.double()
    if kind == "k1":
        found = here - there
    elif kind == "k2":
        found = (here - there) ** 2 / 2
    else:
        found = (there - here).exp() - 1 + (here - there)
    return found.to(logprobs.dtype)
