"""Plan -> documents: the bytes of every file that the templates make of a plan, and its calendar. Writes nothing.

Others use: `render.Templates`, `overview`, `letters`, `blanks`, `markdown`. Imports of peerplan only plan and what is
below it.
"""
