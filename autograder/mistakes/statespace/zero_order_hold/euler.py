"""The step is Euler's: 1 + ΔA and ΔB.

That is the first term of the exponential. It takes the slope at the beginning of the step for that
of all of it, which is wrong as soon as steps are not tiny.

See: state-space#eq-zoh
"""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    return torch.eye(len(a), dtype=a.dtype) + step * a, step * b
