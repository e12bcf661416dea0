"""The old state has no part in the new one.

Then each step sees its own input only, and the network has no memory at all.
"""

from langmodels.recurrent import *


def rnn_step(projected, state, weight, bias):
    (h,) = state
    return (torch.tanh(projected + 0 * h + bias),)
