"""The product is squared, not taken without its sign.

Squares are another measure, as in Fisher information. They weigh single large batches more.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).square().detach()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta2 * self.uncertainty + (1 - self.beta2) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
