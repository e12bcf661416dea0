"""The decoder's state is not carried on.

Each step begins with the encoder's last state, and does not know what was written.
"""

from langmodels.recurrent import *


class Translator(Translator):
    def forward(self, source, lengths, target, own=None):
        memory, h = self.encode(source, lengths)
        keys = self.key(memory)
        mask = torch.arange(source.shape[1], device=source.device) < lengths[:, None]
        told = torch.full_like(source[:, 0], self.start)
        logits: list[Tensor] = []
        for t in range(target.shape[1]):
            if t:
                told = target[:, t - 1]
                if own is not None:
                    told = torch.where(own[:, t], logits[-1].argmax(-1), told)
            found = torch.zeros_like(h)
            if self.attends:
                found, _ = additive_attention(self.query(h), keys, memory, self.score, mask)
            heard = torch.cat([self.embedding(told), found], dim=-1)
            _, ((new,),) = self.decoder(heard[:, None], [(h,)])
            logits.append(self.head(new))
        return torch.stack(logits, dim=1)
