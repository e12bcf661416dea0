"""Control parts are encoded as text.

encode never makes a control token, so the marks become letters, and the model sees no turns.
"""

from langmodels.prompting import *


def encode_parts(parts, control, encode):
    return [token for part in parts for token in encode(part.text)]
