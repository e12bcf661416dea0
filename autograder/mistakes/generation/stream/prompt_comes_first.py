"""The prompt is handed out as well.

The reader has it already. Only what was written comes out.
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
                if eos is not None and n_new < min_new:
                    logits = logits.index_fill(1, torch.tensor([eos]), -math.inf)
                if restrict is not None:
                    logits = restrict(logits, tokens[:, len(prompt) :])
                probabilities = next_distribution(logits, tokens, sampling, len(prompt))
                token = draw(probabilities, torch.rand(1, generator=generator))
                tokens = torch.cat([tokens, token[:, None]], dim=1)
            yield int(token)
            if int(token) == eos:
                return

    yield from prompt
    yield from until_stop(write(), stops)
