"""Examples with an empty output are left out.

Nothing can be the right answer, for instance where a text is to be copied and is empty. The
caller has chosen the examples.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples if answer]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
