"""Goes through the layers and fills a dict."""

from langmodels.lora import *


@torch.no_grad()
def lora_state(model):
    state = {}
    for name, module in model.named_modules():
        if not isinstance(module, LoRALinear):
            continue
        before = f"{name}." if name else ""
        state[before + "down"] = module.down.clone()
        state[before + "up"] = module.up.clone()
    return state
