"""No matrix is transposed.

Their linear layers compute x @ W + b, ours x @ Wᵀ + b. Most matrices then do not fit, and the
square ones fit and are wrong.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor
    return ours
