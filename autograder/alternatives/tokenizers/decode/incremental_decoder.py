"""A decoder that is fed token by token and remembers half a character."""

from langmodels.tokenizers import *


def decode(ids, vocabulary):
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = []
    for number in ids:
        try:
            text.append(decoder.decode(vocabulary[number]))
        except KeyError:
            raise ValueError(f"the vocabulary has no {number}") from None
    return "".join([*text, decoder.decode(b"", final=True)])
