"""forward runs the steps one after another; the step is written in real numbers."""

from langmodels.statespace import *


class S4D(S4D):
    def forward(self, x):
        kernel = s4d_kernel(
            self.poles(), torch.view_as_complex(self.c), torch.exp(self.log_step), x.shape[1]
        )
        inputs = x.transpose(1, 2)
        mixed = causal_convolution(inputs, kernel)
        return torch.addcmul(mixed.transpose(1, 2), x, self.skip)

    def step(self, x, state=None):
        decay, turn = -self.log_decay.exp(), self.frequency
        step = self.log_step.exp()[:, None]
        size = (step * decay).exp()
        re, im = size * (step * turn).cos(), size * (step * turn).sin()
        below = decay**2 + turn**2
        b_re = ((re - 1) * decay + im * turn) / below
        b_im = (im * decay - (re - 1) * turn) / below
        h_re, h_im = (
            (torch.zeros_like(x)[..., None],) * 2 if state is None else (state.real, state.imag)
        )
        new_re = re * h_re - im * h_im + b_re * x[..., None]
        new_im = re * h_im + im * h_re + b_im * x[..., None]
        c_re, c_im = self.c.unbind(-1)
        y = 2 * (c_re * new_re - c_im * new_im).sum(-1) + self.skip * x
        return y, torch.complex(new_re, new_im)
