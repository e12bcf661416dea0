"""Temperature 0 leaves the logits as they are.

0 is no word for off. It is the limit of ever colder distributions, in which only the most
probable token is left; off is a temperature of 1.
"""

from langmodels.generation import *


def apply_temperature(logits, temperature):
    return logits / temperature if temperature else logits
