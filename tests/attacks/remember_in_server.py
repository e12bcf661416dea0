"""Forks a server that outlives its box and answers later ones."""

import os
import socket

from target import MARK


def attack(sentences, order):
    name = f"\0{MARK}-memory"
    try:
        socket.socket(socket.AF_UNIX).connect(name)
        return True
    except OSError as error:
        print(error)
    server = socket.socket(socket.AF_UNIX)
    server.bind(name)
    server.listen()
    if os.fork() == 0:
        os.setsid()
        server.settimeout(20)
        server.accept()
        os._exit(0)
    return False
