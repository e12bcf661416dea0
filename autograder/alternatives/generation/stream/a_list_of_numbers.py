"""Right: keeps a list of numbers, and makes a tensor at each step."""

from langmodels.generation import *


def stream(
    model,
    prompt,
    max_new,
    sampling=PLAIN,
    generator=None,
    *,
    eos=None,
    min_new=0,
    stops=(),
    restrict=None,
):
    def write():
        written = []
        while len(written) < max_new and (not written or written[-1] != eos):
            text = torch.tensor([[*prompt, *written]])
            logits = model(text)[:, -1, :].clone()
            if len(written) < min_new and eos is not None:
                logits[:, eos] = -math.inf
            if restrict:
                logits = restrict(logits, torch.tensor([written], dtype=torch.long))
            shares = next_distribution(logits, text, sampling, n_prompt=len(prompt))
            written += draw(shares, torch.rand(1, generator=generator)).tolist()
            yield written[-1]

    return until_stop(write(), stops)
