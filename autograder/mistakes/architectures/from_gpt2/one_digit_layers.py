"""Only layers with one digit are found.

A model has more than ten layers: their number may have several digits.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        if re.search(r"\.\d\d\.|^h\.\d\d", name):
            continue
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        ours[renamed(name, GPT2_NAMES)] = tensor.T if is_matrix else tensor
    return ours
