"""The means belong to the class, not to the object.

Each parameter has its own. On the class, all of them add to the same, and shapes clash.
"""

from langmodels.lora import *


class Importance(Importance):
    shared = {}  # noqa: RUF012

    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        key = self.beta1, self.beta2
        mean, doubt = self.shared.get(key, (0.0, 0.0))
        mean = self.beta1 * mean + (1 - self.beta1) * now
        doubt = self.beta2 * doubt + (1 - self.beta2) * (now - mean).abs()
        self.shared[key] = mean, doubt
        return mean * doubt
