"""Hope is worked out from characters, not from tokens.

A state with a way on for some character is no good if no token of the vocabulary spells it. Only
tokens are ever written.
"""

from langmodels.generation import *


def token_index(automaton, vocabulary):
    index = []
    for start in range(len(automaton.steps)):
        index.append({})
        for token, text in enumerate(vocabulary):
            state = start if text else None
            for character in text:
                state = None if state is None else automaton.steps[state].get(character)
            if state is not None:
                index[start][token] = state
    hopeful = set()
    more = set(automaton.accepting)
    while more:
        hopeful |= more
        more = {s for s, to in enumerate(automaton.steps) if hopeful & {*to.values()}} - hopeful
    return [{t: state for t, state in to.items() if state in hopeful} for to in index]
