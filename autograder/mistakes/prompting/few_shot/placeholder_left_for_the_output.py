"""The query keeps the pattern's {output}.

Then the model reads a placeholder as the answer and goes on behind it. The prompt ends where the
output would begin.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}{{output}}{after}".rstrip()
    return "\n\n".join([*filter(None, [instruction]), *shots, last])
