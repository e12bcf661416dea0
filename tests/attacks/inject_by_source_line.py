"""Fails in lines of source that hold escape codes and markup, for whoever quotes them."""

LINE = "raise ValueError  # \x1b[31m<script>alert(1)</script> \u202e ]]> ::error::x \x9b31m \x07\n"


def build(world, name):
    text = world.base + f"\n\ndef count_ngrams(sentences, order):\n    {LINE}"
    text += f"\n\ndef sentence_logprob(model, sentence):\n    {LINE}"
    return world.submission(name, {"langmodels/ngrams.py": text})
