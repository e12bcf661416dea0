"""Right: the last match of the marker, and the numbers one by one."""

from langmodels.prompting import *


def extract_answer(text, marker="The answer is"):
    places = list(re.finditer(re.escape(marker), text, re.IGNORECASE))
    rest = text[places[-1].end() :] if places else text
    found = None
    for match in re.finditer(r"\d+(,\d\d\d)*(\.\d+)?", rest):
        start = match.start()
        has_minus = rest[max(0, start - 1) : start] == "-"
        is_sign = has_minus and not rest[max(0, start - 2) : start - 1].isdigit()
        found = "-" * is_sign + match.group().replace(",", "")
        if places:
            return found
    return found
