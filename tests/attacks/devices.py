"""Opens terminals, disks and the kernel's log, and types into a terminal."""

import fcntl
import os
import termios

from target import any_works


def attack(sentences, order):
    names = ("tty", "console", "kmsg", "mem", "vda", "sda", "nvme0n1", "fuse", "kvm", "ptmx", "log")

    def type_into(number):
        fcntl.ioctl(number, termios.TIOCSTI, b"#")

    return any_works(
        *(lambda n=name: os.open(f"/dev/{n}", os.O_RDWR | os.O_NONBLOCK) for name in names),
        *(lambda n=number: type_into(n) for number in range(3)),
    )
