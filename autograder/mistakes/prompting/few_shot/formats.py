"""The pattern is filled in by str.format.

A pattern with braces of its own, as in JSON or code, is then an error or loses them. Only the two
placeholders mean something.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    shots = [pattern.format(input=given, output=answer) for given, answer in examples]
    last = pattern.partition("{output}")[0].format(input=query).rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
