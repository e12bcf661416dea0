"""The prompt ends with a space.

Most tokens of words begin with a space. After a space that stands alone the model has to go on
with a word that has none, which it has hardly ever seen.
"""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):
    before, _, rest = pattern.partition("{input}")
    between, _, after = rest.partition("{output}")
    shots = [f"{before}{given}{between}{answer}{after}" for given, answer in examples]
    return "\n\n".join([*filter(None, [instruction]), *shots, f"{before}{query}{between}"])
