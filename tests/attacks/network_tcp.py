"""Calls out by TCP over IPv4 and IPv6, and through urllib."""

import socket
import urllib.request

from target import TCP4, TCP6, any_works


def attack(sentences, order):
    text = str(sentences).encode()
    return any_works(
        lambda: socket.create_connection(("127.0.0.1", TCP4), 1).send(text),
        lambda: socket.create_connection(("::1", TCP6), 1).send(text),
        lambda: urllib.request.urlopen(f"http://localhost:{TCP4}", text, timeout=1),
    )
