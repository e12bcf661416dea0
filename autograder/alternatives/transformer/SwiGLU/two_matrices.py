"""Right: the two halves of the matrix multiplied one by one."""

from langmodels.transformer import *


class SwiGLU(SwiGLU):
    def forward(self, x):
        gate_weight, up_weight = self.in_proj.weight.tensor_split(2)
        gate = x @ gate_weight.mT
        hidden = gate * torch.sigmoid(gate) * (x @ up_weight.mT)
        return hidden @ self.out_proj.weight.mT
