"""The logits are multiplied by the temperature.

Then heat makes the likely likelier and cold makes all alike: the knob turns the wrong way. Logits
are energies with a sign, and a temperature divides them.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    if temperature == 0:
        largest = logits.amax(-1, keepdim=True)
        return torch.zeros_like(logits).masked_fill(logits < largest, -math.inf)
    return logits * temperature
