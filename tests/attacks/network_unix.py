"""Talks to services of the machine through Unix sockets: with a path, and without."""

import socket

from target import ABSTRACT, UNIX, any_works


def attack(sentences, order):
    def connect(kind, address):
        socket.socket(socket.AF_UNIX, kind).connect(address)

    kinds = (socket.SOCK_STREAM, socket.SOCK_DGRAM)
    return any_works(
        *(lambda k=k, a=a: connect(k, a) for k in kinds for a in (UNIX, ABSTRACT)),
        lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"x", ABSTRACT),
    )
