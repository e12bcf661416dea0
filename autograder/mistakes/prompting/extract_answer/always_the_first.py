"""The first number is taken without a marker too.

A chain of thought begins with the numbers of the question. Its last number is the likeliest
answer.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *_before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0]
    return number.replace(",", "")
