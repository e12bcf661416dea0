"""From an accepting state nothing more is allowed.

A text that is accepted may have accepted ones that go on from it. Ending is allowed there, not
demanded.
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
    return [
        {
            t: state
            for t, state in to.items()
            if state in hopeful and start not in automaton.accepting
        }
        for start, to in enumerate(index)
    ]
