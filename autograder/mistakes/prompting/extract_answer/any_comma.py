"""Any comma belongs to a number.

In “12, 15” or “5,” it ends a part of the sentence. Only a comma with three digits behind it is
part of the number.
"""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    *before, rest = re.split(re.escape(marker), text, flags=re.IGNORECASE)
    numbers = re.findall(r"(?:(?<!\d)-)?\d[\d, ]*(?:\.\d+)?", rest)
    if not numbers:
        return None
    number = numbers[0] if before else numbers[-1]
    return number.replace(",", "").replace(" ", "")
