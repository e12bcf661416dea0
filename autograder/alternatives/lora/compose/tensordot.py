"""One product of weights and stacked matrices, in float64."""

from langmodels.lora import *


def compose(states, weights):
    if len(states) != len(weights):
        raise ValueError("a weight for each adapter")
    factors = torch.tensor(weights, dtype=torch.float64)
    return {
        name: torch.tensordot(
            factors, torch.stack([state[name].double() for state in states]), dims=1
        ).to(tensor.dtype)
        for name, tensor in states[0].items()
    }
