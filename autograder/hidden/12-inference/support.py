"""What stands beside the student's code on a GPU: models and caches, made where they run."""

import torch

from langmodels import inference, models


def decoder(sizes: dict[str, int], device: str) -> models.Decoder:
    """A random decoder, on a GPU in 16 bits."""
    torch.manual_seed(0)
    model = models.Decoder(models.DecoderConfig(**sizes)).to(device).eval()
    return model if device == "cpu" else model.bfloat16()


@torch.inference_mode()
def filled_cache(model: models.Decoder, prompts: list[list[int]], room: int) -> inference.KVCache:
    """A cache that holds the prompts, with room for more tokens."""
    weight = model.embedding.weight
    capacity = len(prompts[0]) + room
    cache = inference.KVCache(model.config, len(prompts), capacity, weight.dtype, weight.device)
    inference.prefill(model, prompts, cache)
    return cache


def cache_bytes(cache: inference.KVCache) -> int:
    """The bytes of all keys and values."""
    return cache.n_bytes


@torch.inference_mode()
def step(model: models.Decoder, cache: inference.KVCache) -> torch.Tensor:
    """One more token for each row."""
    tokens = torch.zeros(len(cache.lengths), 1, dtype=torch.long, device=cache.device)
    return model(tokens, cache)


@torch.inference_mode()
def read_again(model: models.Decoder, prompts: list[list[int]], n_new: int) -> list[list[int]]:
    """Greedy writing without a cache; the prompts are of one length."""
    tokens = torch.tensor(prompts, device=model.embedding.weight.device)
    for _ in range(n_new):
        newest = model.logits(model.hidden(tokens)[:, -1]).argmax(-1)
        tokens = torch.cat([tokens, newest[:, None]], dim=1)
    return tokens[:, len(prompts[0]) :].tolist()
