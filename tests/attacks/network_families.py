"""Opens a socket of every family there is: netlink, raw, packet, vsock, Bluetooth, crypto."""

import itertools
import socket


def attack(sentences, order):
    opened = []
    for family, kind in itertools.product(range(1, 46), range(1, 6)):
        try:
            socket.socket(family, kind, 0)
            opened.append((family, kind))
        except OSError:
            continue
    print(opened)
    return bool(opened)
