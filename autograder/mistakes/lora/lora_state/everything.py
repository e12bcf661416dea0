"""The whole state of the model is saved.

That is as large as the model. The point of an adapter is that a megabyte is enough.
"""

from langmodels.lora import *


def lora_state(model):
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}
