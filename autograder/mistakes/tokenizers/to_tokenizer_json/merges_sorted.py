"""The merges are sorted by their tokens.

Their order is their rank: the first is applied first. Sorted, the file encodes otherwise.
"""

from langmodels.tokenizers import *


def to_tokenizer_json(merges, special=()):
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    unseen = [byte for byte in range(256) if byte not in seen]
    characters = {byte: chr(byte) for byte in seen}
    characters |= {byte: chr(256 + number) for number, byte in enumerate(unseen)}
    table = {
        number: "".join(characters[byte] for byte in token)
        for number, token in token_bytes(merges).items()
    }
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    added = [
        {"id": 256 + len(merges) + n, "content": text, "special": True, **plain}
        for n, text in enumerate(special)
    ]
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    model = {
        "type": "BPE",
        "vocab": {token: number for number, token in table.items()},
        "merges": sorted([table[left], table[right]] for left, right in merges),
    }
    return json.dumps(
        {
            "version": "1.0",
            "added_tokens": added,
            "pre_tokenizer": byte_level,
            "decoder": byte_level,
            "model": model,
        }
    )
