"""Signs by a counter, tokens built from their halves, JSON with indentation."""

from langmodels.tokenizers import *


def to_tokenizer_json(merges, special=()):
    sign, next_sign = {}, 0x100
    for byte in range(256):
        if 0x21 <= byte <= 0x7E or (byte >= 0xA1 and byte != 0xAD):
            sign[byte] = chr(byte)
        else:
            sign[byte] = chr(next_sign)
            next_sign += 1
    names = dict(sign)
    pairs = []
    for (left, right), number in merges.items():
        pairs.append([names[left], names[right]])
        names[number] = names[left] + names[right]
    level = {"type": "ByteLevel", "add_prefix_space": False}
    level |= {"trim_offsets": True, "use_regex": True}
    first = 256 + len(merges)
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    file = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": number, "content": text, **flags, "special": True}
            for number, text in enumerate(special, first)
        ],
        "normalizer": None,
        "pre_tokenizer": level,
        "post_processor": None,
        "decoder": level,
        "model": {"type": "BPE", "vocab": {n: i for i, n in names.items()}, "merges": pairs},
    }
    return json.dumps(file, indent=2, ensure_ascii=False)
