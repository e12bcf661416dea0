"""The control tokens come before the text.

A mark says where a turn begins and ends. Out of its place it says nothing.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    marks = [control[part.text] for part in parts if part.is_control]
    return marks + [t for part in parts if not part.is_control for t in encode(part.text)]
