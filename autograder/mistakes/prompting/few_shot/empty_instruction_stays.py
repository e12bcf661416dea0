"""An empty instruction leaves its empty line.

The prompt then begins with two new lines, which no text that the model was trained on does.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([instruction, *shots, last])
