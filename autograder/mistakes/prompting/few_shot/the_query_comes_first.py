"""The query stands before the examples.

The model goes on where the prompt ends, so it would answer the last example. What is to be
answered comes last.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([*filter(None, [instruction]), last, *shots])
