"""Each block loses the white space at its end.

An example whose output ends with a new line is to be seen as it is. Only the prompt's own end
matters, for there the model goes on.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}".rstrip() for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n\n".join([*filter(None, [instruction.rstrip()]), *shots, last])
