"""The two norms of a layer are exchanged.

ln_1 comes before attention, ln_2 before the feed-forward network. Their shapes are equal, so
nothing complains.
"""

from langmodels.architectures import *


def from_gpt2(weights):
    ours = {}
    for name, tensor in weights.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or re.fullmatch(r"h\.\d+\.attn\.(masked_)?bias", name):
            continue
        is_matrix = name.endswith((".c_attn.weight", ".c_proj.weight", ".c_fc.weight"))
        name = renamed(name, GPT2_NAMES)
        if "_norm" in name:
            name = name.replace("attention_norm", "other").replace("mlp_norm", "attention_norm")
            name = name.replace("other", "mlp_norm")
        ours[name] = tensor.T if is_matrix else tensor
    return ours
