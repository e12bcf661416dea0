"""Right: counts layers and directions, and reverses by hand."""

from langmodels.recurrent import *


class Recurrent(Recurrent):
    def forward(self, inputs, state=None, lengths=None):
        step = globals()[f"{self.kind}_step"]
        size, n_steps, _ = inputs.shape
        ends = torch.full((size,), n_steps) if lengths is None else lengths

        def turned(x):
            rows = [
                torch.cat([row[:end].flip(0), row[end:]])
                for row, end in zip(x, ends.tolist(), strict=True)
            ]
            return torch.stack(rows)

        finals, n_directions = [], len(self.directions)
        for number in range(self.n_layers * n_directions):
            layer, direction = divmod(number, n_directions)
            end = f"_l{layer}{self.directions[direction]}"
            if direction == 0:
                below, above = inputs, []
            first = (
                tuple(below.new_zeros(size, self.width) for _ in range(self.n_states))
                if state is None
                else state[number]
            )
            projected = nn.functional.linear(
                turned(below) if direction else below,
                getattr(self, "weight_ih" + end),
                getattr(self, "bias_ih" + end),
            )
            weight, bias = getattr(self, "weight_hh" + end), getattr(self, "bias_hh" + end)
            outputs, final = unroll(step, projected, first, weight, bias, ends)
            above.append(turned(outputs) if direction else outputs)
            finals.append(final)
            inputs = torch.cat(above, dim=-1)
        return inputs, finals
