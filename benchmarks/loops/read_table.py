"""Read a table as `peerplan` does, and nothing more: read_table.py TABLE.

The only script here that imports peerplan: it is what is measured, not what it is measured by.
"""

import sys
from pathlib import Path

from peerplan.tables import read_table

read_table(Path(sys.argv[1]))
