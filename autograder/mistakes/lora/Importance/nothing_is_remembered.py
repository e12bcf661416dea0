"""Only the newest step counts.

The sensitivity of a single batch is mostly chance. That is why running means are kept.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        mean = (1 - self.beta1) * now
        return mean * (1 - self.beta2) * (now - mean).abs()
