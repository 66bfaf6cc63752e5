"""A plan folder: what stands in it, what a person wrote there, and how new documents get there without losing that.

The way in is `snapshot` (each file read once) and `read` (answers with ticks); the way out `write` (what becomes of
each file) and `disk` (each file old or new, never torn). It knows documents by name and bytes only. Imports of peerplan
only answers and what is below it.
"""
