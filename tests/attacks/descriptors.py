"""Uses what descriptors it inherited: reads them, and climbs from folders among them."""

import os
import stat


def attack(sentences, order):
    for number in range(3, 256):
        try:
            kind = os.fstat(number).st_mode
            print(number, stat.filemode(kind))
            if stat.S_ISDIR(kind):
                os.listdir(number)  # noqa: PTH208
                return True
            if stat.S_ISREG(kind) and os.pread(number, 10, 0):
                return True
        except OSError:
            continue
    return False
