"""Run a command, and write down what it took: launch.py RESULT COMMAND...

A process of its own, so small that the command's peak is the command's: Linux counts what the process held that the
command took the place of. Processor time and peak are those of the command and of all processes that it waited for.
"""

import json
import os
import sys
import time

result, *command = sys.argv[1:]
start = time.perf_counter()
child = os.fork()
if child == 0:
    try:
        os.execv(command[0], command)  # noqa: S606
    finally:
        os._exit(127)
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - start
with open(result, "w", encoding="utf-8") as file:
    taken = {"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": used.ru_maxrss / 1024}
    json.dump({**taken, "code": os.waitstatus_to_exitcode(status)}, file)
