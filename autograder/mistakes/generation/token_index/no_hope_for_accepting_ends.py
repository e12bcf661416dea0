"""Accepting states that lead nowhere are pruned.

They are the ends that all ways are to reach. A state is a dead end only if it does not accept.
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
    more = {s for s in automaton.accepting if index[s]}
    while more:
        hopeful |= more
        more = {state for state, to in enumerate(index) if hopeful & {*to.values()}} - hopeful
    return [{t: state for t, state in to.items() if state in hopeful} for to in index]
