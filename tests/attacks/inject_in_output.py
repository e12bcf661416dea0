"""Prints what terminals, browsers, XML readers and CI runners act on."""

import os

HOSTILE = (
    "\x1b[2J\x1b]0;owned\x07\x1b[31mPASSED\x1b[0m \r\x9b31m",
    "<script>alert(1)</script><img src=x onerror=alert(1)> ]]> <system-out>",
    "\n::error file=a,line=1::owned\n::set-output name=x::y\n##[error]x\n::stop-commands::x",
    "=cmd|' /C calc'!A0\n[link](javascript:alert(1)) ![x](https://example.org/x.png)",
    "\u202e\u2066dessap\u2069 \u200b \x00 \ud800".encode("utf-8", "surrogatepass").decode("latin"),
)


def count_ngrams(sentences, order):
    print(*HOSTILE, sep="\n")
    os.write(2, b"\xff\xfe\x00 \xc0\x80 \xed\xa0\x80")
    return {HOSTILE: HOSTILE}


def sentence_logprob(model, sentence):
    raise ValueError(*HOSTILE)
