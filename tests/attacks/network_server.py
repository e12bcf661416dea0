"""Listens, so that a later box or somebody outside can call in."""

import asyncio
import socket

from target import MARK, any_works


def attack(sentences, order):
    def listen(family, address):
        server = socket.socket(family)
        server.bind(address)
        server.listen()

    return any_works(
        lambda: listen(socket.AF_INET, ("127.0.0.1", 0)),
        lambda: listen(socket.AF_INET6, ("::", 0)),
        lambda: listen(socket.AF_UNIX, f"\0{MARK}-server"),
        lambda: asyncio.run(asyncio.start_server(len, "127.0.0.1", 0)),
    )
