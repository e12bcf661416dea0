"""Looks for another function called count_ngrams in memory: the reference must not be there."""

import gc


def attack(sentences, order):
    functions = [thing for thing in gc.get_objects() if type(thing).__name__ == "function"]
    for function in functions:
        if function.__name__ == "count_ngrams" and function.__globals__ is not globals():
            print(function)
            return function(sentences, order) != {}
    return False
