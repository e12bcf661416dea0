"""Adds up in float64, column by column, and converts the answer back."""

from langmodels.efficient_attention import *


def online_softmax(blocks):
    state = None
    for block in blocks:
        dtype = block.dtype
        for column in block.double().unbind(dim=-1):
            if state is None:
                state = torch.full_like(column, float("-inf")), torch.zeros_like(column)
            largest, total = state
            higher = column > largest
            grown = total * torch.where(higher, (largest - column).exp(), 1.0) + 1
            added = total + (column - largest).exp().nan_to_num(0.0)
            state = column.where(higher, largest), grown.where(higher, added)
    return state[0].to(dtype), state[1].to(dtype)
