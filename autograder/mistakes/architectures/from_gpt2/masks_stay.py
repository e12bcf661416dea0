"""The masks of attention are loaded as weights.

Old files hold them as h.N.attn.bias. They are no parameters, and our model has no place for them.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight":
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
