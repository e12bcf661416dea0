"""β and 1 - β are exchanged.

The old mean has weight β. Exchanged, it is forgotten almost at once.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs().detach()
        self.sensitivity = (1 - self.beta1) * self.sensitivity + self.beta1 * now
        self.uncertainty = (1 - self.beta2) * self.uncertainty + self.beta2 * (
            now - self.sensitivity
        ).abs()
        return self.sensitivity * self.uncertainty
