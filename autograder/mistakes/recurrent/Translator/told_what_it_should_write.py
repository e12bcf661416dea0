"""The decoder is told the token that it should write.

It learns to copy what it is told, and writes nonsense when it is alone. At step t it is told
target[t - 1].
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
            if True:
                told = target[:, t]
                if t and own is not None:
                    told = torch.where(own[:, t], logits[-1].argmax(-1), told)
            found = torch.zeros_like(h)
            if self.attends:
                found, _ = additive_attention(self.query(h), keys, memory, self.score, mask)
            heard = torch.cat([self.embedding(told), found], dim=-1)
            _, ((h,),) = self.decoder(heard[:, None], [(h,)])
            logits.append(self.head(h))
        return torch.stack(logits, dim=1)
