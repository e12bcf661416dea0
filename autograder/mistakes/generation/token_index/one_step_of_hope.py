"""Only states that accept, or from which one token leads to one that does, count as hopeful.

The way to the end may take many tokens. The search backwards has to be repeated until it finds
nothing new.
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
    hopeful |= more
    hopeful |= {state for state, to in enumerate(index) if hopeful & {*to.values()}}
    return [{t: state for t, state in to.items() if state in hopeful} for to in index]
