"""Decimals are cut off.

3.50 becomes 50 or 3, depending on which end is read.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d+(?:,\d{3})*", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
