"""Has the library itself write the file."""

from langmodels.tokenizers import *


def to_tokenizer_json(merges, special=()):
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    low = [c for c in alphabet if ord(c) < 256]
    sign = {ord(c): c for c in low}
    hidden = iter(c for c in alphabet if ord(c) >= 256)
    for byte in range(256):
        if byte not in sign:
            sign[byte] = next(hidden)
    name = {n: "".join(sign[b] for b in token) for n, token in token_bytes(merges).items()}
    model = models.BPE(
        {token: n for n, token in name.items()}, [(name[a], name[b]) for a, b in merges]
    )
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens([AddedToken(text, normalized=False) for text in special])
    return tokenizer.to_str()
