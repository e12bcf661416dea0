"""The weight alone decides.

A large weight may do nothing for the loss. That is what magnitude pruning overlooks.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = weight.abs().detach()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta2 * self.uncertainty + (1 - self.beta2) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
