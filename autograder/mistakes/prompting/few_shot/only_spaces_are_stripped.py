"""Only spaces are cut off at the end.

A new line at the end is white space too: after it the model begins another line than its examples
did.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip(" ")
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
