"""Tokens that lead into dead ends stay allowed.

The text can then come to a place where nothing may be written and nothing may end. It has to be
seen in advance.
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
        more = {state for state, to in enumerate(index) if hopeful & {*to.values()}} - hopeful
    return index
