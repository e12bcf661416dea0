"""What the pattern has after the output is left out.

A border such as ### after each answer teaches the model to stop there. Without it the examples
have no end.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between = rest.partition("{output}")[0]
    shots = [f"{before}{given}{between}{answer}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
