"""eos that comes too early is drawn and not heeded.

It stands in the text then, and the model goes on after its own end. Barring it means that
something else is drawn.
"""

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
        tokens = torch.tensor([list(prompt)])
        for n_new in range(max_new):
            with torch.inference_mode():
                logits = model(tokens)[:, -1]
                if restrict is not None:
                    logits = restrict(logits, tokens[:, len(prompt) :])
                probabilities = next_distribution(logits, tokens, sampling, len(prompt))
                token = draw(probabilities, torch.rand(1, generator=generator))
                tokens = torch.cat([tokens, token[:, None]], dim=1)
            yield int(token)
            if int(token) == eos and n_new >= min_new:
                return

    yield from until_stop(write(), stops)
