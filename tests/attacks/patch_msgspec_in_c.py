"""Replaces functions of msgspec below Python: their slots in C."""

import ctypes

import msgspec

for kind in (msgspec.msgpack.Encoder, msgspec.msgpack.Decoder):
    for name in ("encode", "decode", "encode_into"):
        if method := vars(kind).get(name):
            definition = ctypes.c_void_p.from_address(id(method) + 40).value
            pointer = ctypes.c_void_p.from_address(definition + 8)
            pointer.value = ctypes.cast(ctypes.pythonapi.Py_GetVersion, ctypes.c_void_p).value
