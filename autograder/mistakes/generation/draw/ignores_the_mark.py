"""The token is drawn without the mark.

It comes as often as it should, but by chance from elsewhere: nobody can repeat the text, and
marks that were chosen with care are for nothing.
"""

from langmodels.generation import *


def draw(probabilities, uniform):
    return torch.multinomial(probabilities, 1)[:, 0]
