"""The text is brought into a normal form.

NFC makes one character of e and an accent. What comes back is then not what was encoded.
"""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    import unicodedata

    for number in ids:
        if number not in vocabulary:
            raise ValueError(f"{number} is no token")
    data = b"".join(vocabulary[number] for number in ids)
    return unicodedata.normalize("NFKC", data.decode(errors="replace"))
