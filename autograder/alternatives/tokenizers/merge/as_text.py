"""One character for each id, and str.replace."""

from langmodels.tokenizers import *


def merge(ids, pair, new_id):
    numbers = sorted({*ids, *pair, new_id})
    sign = {number: chr(0xE000 + place) for place, number in enumerate(numbers)}
    text = "".join(sign[number] for number in ids)
    text = text.replace(sign[pair[0]] + sign[pair[1]], sign[new_id])
    return [numbers[ord(character) - 0xE000] for character in text]
