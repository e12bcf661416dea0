"""A running sum of values over products of decays.

h_t = P_t Σ v_s / P_s divides by products that soon are 0, and by decays that may be 0 from the
start.
"""

from langmodels.mamba import *


def associative_scan(decay, value):
    product = decay.cumprod(1)
    return product * (value / product).cumsum(1)
