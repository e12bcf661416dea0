"""Makes namespaces of its own, where it would be root, and moves the root folder."""

import ctypes
import os

from target import any_works


def attack(sentences, order):
    libc = ctypes.CDLL(None, use_errno=True)
    user, mounts, network = 0x10000000, 0x00020000, 0x40000000

    def unshare(flags):
        if libc.unshare(flags):
            raise OSError(ctypes.get_errno(), "unshare")

    return any_works(
        lambda: unshare(user),
        lambda: unshare(user | mounts | network),
        lambda: unshare(mounts),
        lambda: os.chroot("/tmp"),
        lambda: libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) == 0,
        lambda: libc.setns(os.open("/proc/1/ns/mnt", os.O_RDONLY), 0) == 0,
    )
