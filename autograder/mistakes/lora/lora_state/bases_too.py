"""The layers' bases are saved as well.

They have not changed. With them the file is as large as all the layers that were corrected.
"""

from langmodels.lora import *


def lora_state(model):
    return {
        f"{name}.{part}": tensor.detach().clone()
        for name, module in model.named_modules()
        if isinstance(module, LoRALinear)
        for part, tensor in module.state_dict().items()
    }
