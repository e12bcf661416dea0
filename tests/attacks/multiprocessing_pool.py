"""Uses multiprocessing: a process, a pool, a manager."""

import multiprocessing as mp

from target import any_works


def attack(sentences, order):
    def process(method):
        child = mp.get_context(method).Process(target=len, args=("x",))
        child.start()
        child.join()
        return child.exitcode == 0

    return any_works(lambda: process("fork"), lambda: process("spawn"), lambda: mp.Manager())
