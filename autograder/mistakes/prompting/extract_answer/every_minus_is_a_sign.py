"""Every minus is taken for a sign.

In 7-3 or 10-20 it is a subtraction or a range, and belongs to neither number.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"-?\d+(?:,\d{3})*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "")
