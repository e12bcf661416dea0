"""The copies carry gradients.

clone() without detach() is a step in a graph: the copies keep it alive, and saving or adding them
up drags it along.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}.{part}": getattr(module, part).clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("down", "up")
    }
