"""Makes a decoder on the meta device and counts the numbers in its matrices."""

from langmodels.inference import *


def step_bytes(config, context, n_rows=1, bytes_per_number=2):
    with torch.device("meta"):
        model = Decoder(config)
    numbers = sum(w.numel() for w in model.layers.parameters() if w.dim() == 2)
    numbers += model.head.weight.numel()
    return numbers * bytes_per_number + cache_bytes(config, context, n_rows, bytes_per_number)
