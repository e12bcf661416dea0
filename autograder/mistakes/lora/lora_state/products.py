"""The products are saved, not their factors.

B A is as large as W, and nothing can go on learning from it.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        name: module.delta().detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part in ("",)
    }
