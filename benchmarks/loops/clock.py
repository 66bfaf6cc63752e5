"""A clock for the loops, which time themselves: what they read and load beforehand costs them nothing."""

import json
import time
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage


def processor() -> float:
    """Give the processor time, in seconds, of this process and those that it has waited for."""
    return sum(used.ru_utime + used.ru_stime for used in (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)))


class Clock:
    """Adds up processor and wall time, in seconds, of the blocks that it is entered for."""

    def __init__(self) -> None:
        self.cpu = self.wall = 0.0

    def __enter__(self) -> None:
        self.cpu -= processor()
        self.wall -= time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.wall += time.perf_counter()
        self.cpu += processor()

    def show(self) -> None:
        print(json.dumps({"cpu": self.cpu, "wall": self.wall}))
