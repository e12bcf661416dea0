"""Input and output are put in by replace, one after the other.

An input that holds {output} is then filled in as well. Cut the pattern once, before anything
stands in it.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    shots = [
        pattern.replace("{input}", given).replace("{output}", answer) for given, answer in examples
    ]
    last = pattern.replace("{input}", query).partition("{output}")[0].rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
