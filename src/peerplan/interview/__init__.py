"""The interview: puts the questions to a person, in a terminal that can be redrawn or on plain lines.

Others use: `console.ask_here`. Imports of peerplan only plan and what is below it.
"""
