"""One new line stands between the blocks.

Then nothing but habit says where an example ends. An empty line is the plainest border there is.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    last = f"{before}{query}{between}".rstrip()
    return "\n".join([*filter(None, [instruction]), *shots, last])
