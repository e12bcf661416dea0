"""Right: split twice, and a prompt that grows."""

from langmodels.prompting import *


def few_shot(instruction, examples, query, pattern="Input: {input}\nOutput: {output}"):

    before, rest = pattern.split("{input}")
    between, after = rest.split("{output}")
    prompt = instruction + "\n\n" if instruction else ""
    for given, answer in examples:
        prompt += before + given + between + answer + after + "\n\n"
    return prompt + (before + query + between).rstrip()
