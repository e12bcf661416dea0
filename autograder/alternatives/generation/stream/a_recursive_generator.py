"""Right: each step hands on to the next."""

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
    def go_on(text):
        n_new = len(text) - len(prompt)
        if n_new == max_new or (n_new and text[-1] == eos):
            return
        tokens = torch.tensor(text)[None]
        with torch.no_grad():
            logits = model(tokens)[0, -1:]
        if eos is not None and n_new < min_new:
            barred = torch.arange(logits.shape[1]) == eos
            logits = torch.where(barred, -math.inf, logits)
        logits = logits if restrict is None else restrict(logits, tokens[:, len(prompt) :])
        probabilities = next_distribution(logits, tokens, sampling, len(prompt))
        token = draw(probabilities, torch.rand((1,), generator=generator)).item()
        yield token
        yield from go_on([*text, token])

    yield from until_stop(go_on(list(prompt)), stops)
