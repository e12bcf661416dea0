"""Right: the name is taken apart, and tensors are copied."""

from langmodels.architectures import *


def from_gpt2(weights):
    parts = {"c_attn": "in_proj", "c_fc": "in_proj", "c_proj": "out_proj"}
    ours = {}
    for name, tensor in weights.items():
        words = [word for word in name.split(".") if word != "transformer"]
        if words[0] == "lm_head" or (words[-2] == "attn" and words[0] == "h"):
            continue
        if words[0] != "h":
            words[0] = {"wte": "embedding", "wpe": "positions", "ln_f": "norm"}[words[0]]
        else:
            words[0] = "layers"
            if words[2] in ("ln_1", "ln_2"):
                words[2] = {"ln_1": "attention_norm", "ln_2": "mlp_norm"}[words[2]]
            else:
                words[2] = words[2].replace("attn", "attention")
                words[3] = parts[words[3]]
                if words[-1] == "weight":
                    tensor = tensor.t().contiguous()
        ours[".".join(words)] = tensor.clone()
    return ours
