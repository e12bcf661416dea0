"""Adds up the power series of a step cut into 64 parts, then doubles the step six times."""

from langmodels.statespace import *


def zero_order_hold(a, b, step):
    small = a.double() * step / 64
    term = torch.eye(len(a), dtype=torch.float64)
    a_bar, integral = term.clone(), term.clone()
    for n in range(1, 20):
        term = term @ small / n
        a_bar, integral = a_bar + term, integral + term / (n + 1)
    b_bar = integral @ b.double() * step / 64
    for _ in range(6):
        a_bar, b_bar = a_bar @ a_bar, a_bar @ b_bar + b_bar
    return a_bar.to(a.dtype), b_bar.to(b.dtype)
