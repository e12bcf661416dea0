"""Fails in compiled code with a file name and line of its own making."""


def fail(text):
    number = int("".join(filter(str.isdigit, text))[:2]) + 1
    for name in (f"langmodels/{text}.py", "langmodels/ngrams.py"):
        code = compile("\n" * number + "raise ValueError", name, "exec")
        exec(code.replace(co_name=text, co_qualname=text))


def count_ngrams(sentences, order):
    fail(sentences[0][0])


def sentence_logprob(model, sentence):
    fail(sentence[0])
