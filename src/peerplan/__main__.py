"""`python -m peerplan`, for machines where the `peerplan` command is not on the path."""

from peerplan.cli import main

main()
