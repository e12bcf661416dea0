"""Changes the value of small numbers and the methods of float in memory."""

import ctypes

for number in (3, 5, 6):
    ctypes.c_int.from_address(id(number) + 24).value = 4
slots = ctypes.c_void_p * 24
ctypes.memmove(id(float) + 200, id(int) + 200, 8)
