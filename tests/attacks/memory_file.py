"""Takes memory that belongs to no mapping: memfd, pipes, sockets (at most 2 GiB)."""

import os
import socket

from target import any_works

BLOCK = b"x" * 2**20


def fill(descriptor, blocks):
    os.set_blocking(descriptor, False)
    return sum(os.write(descriptor, BLOCK) for _ in range(blocks)) == blocks * len(BLOCK)


def attack(sentences, order):
    return any_works(
        lambda: fill(os.memfd_create("x"), 2048),
        lambda: [fill(os.pipe()[1], 1) for _ in range(1024)],
        lambda: [fill(socket.socketpair()[0].detach(), 1) for _ in range(1024)],
    )
