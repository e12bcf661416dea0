"""The means keep the graph of gradients.

Each step hangs onto the one before. After a hundred steps a hundred graphs are in memory.
"""

from langmodels.lora import *


class Importance(Importance):
    def update(self, weight, gradient):
        now = (weight * gradient).abs()
        self.sensitivity = self.beta1 * self.sensitivity + (1 - self.beta1) * now
        self.uncertainty = (
            self.beta2 * self.uncertainty + (1 - self.beta2) * (now - self.sensitivity).abs()
        )
        return self.sensitivity * self.uncertainty
