"""A comma ends a number.

Of 1,250 only 250 or 1 is left, a number that looks quite right.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
