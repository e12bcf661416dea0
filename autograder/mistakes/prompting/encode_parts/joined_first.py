"""The parts are joined and encoded as one text.

Then nobody knows any more which letters were a mark, and the two marks become many tokens each.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    return encode("".join(part.text for part in parts))
