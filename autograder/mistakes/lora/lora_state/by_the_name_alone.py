"""Whatever is called down or up is taken.

Other layers may have such names. What is a correction is told by its class.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        name: tensor.detach().clone()
        for name, tensor in model.state_dict().items()
        if name.split(".")[-1] in ("down", "up") or name.split(".")[-2:-1] in (["down"], ["up"])
    }
