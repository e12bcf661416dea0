"""The query is put in before the pattern is cut at the output.

A query that holds {output} is cut in its middle. First cut, then fill in.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}{{output}}".partition("{output}")[0].rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
