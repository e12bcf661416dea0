"""Right: row by row, with the place looked up."""

from langmodels.preferences import *


def shaped_rewards(scores, logprobs, reference, mask, beta):
    rewards = torch.zeros_like(logprobs)
    for row in range(len(mask)):
        places = torch.nonzero(mask[row])[:, 0]
        rewards[row, places] = beta * (reference[row, places] - logprobs[row, places])
        if len(places):
            rewards[row, places[-1]] += scores[row]
    return rewards
