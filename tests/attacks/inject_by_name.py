"""Names classes and functions what terminals, browsers and CI runners act on."""

HOSTILE = "\x1b[31m<script>alert(1)</script>\n::error::x\x00\u202e"


def count_ngrams(sentences, order):
    raise type(HOSTILE, (Exception,), {"__module__": HOSTILE, "__doc__": HOSTILE})(HOSTILE)


def sentence_logprob(model, sentence):
    return type(HOSTILE, (), {"__repr__": lambda self: HOSTILE})()


class MaximumLikelihood:
    def __init__(self, *args):
        pass

    def prob(self, *args):
        scope = {}
        exec("def f():\n    raise KeyError", scope)
        scope["f"].__code__ = scope["f"].__code__.replace(co_name=HOSTILE, co_filename=HOSTILE)
        scope["f"]()
