"""Right: both placeholders at once, by one pattern and a function."""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):

    def fill(text, values):
        return re.sub(r"{(input|output)}", lambda found: values[found[1]], text)

    blocks = [instruction] if instruction else []
    for given, answer in examples:
        blocks.append(fill(pattern, {"input": given, "output": answer}))
    opened = pattern[: pattern.index("{output}")]
    return "\n\n".join([*blocks, fill(opened, {"input": query}).rstrip()])
