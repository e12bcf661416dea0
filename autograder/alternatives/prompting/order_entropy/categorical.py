"""Right: torch's distribution, whose entropy it is."""

from langmodels.prompting import *


def order_entropy(predictions, n_labels):
    labels = torch.arange(n_labels)
    shares = (predictions[:, :, None] == labels).float().mean(dim=1)
    return torch.distributions.Categorical(probs=shares).entropy() / math.log(2)
