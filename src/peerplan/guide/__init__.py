"""The content: what is asked, advised and said, as data, and what of it holds for one unit.

Others use: `kit.Kit` (made in cli, gives guides), `guide.Guide`, the records in `model`, `tailoring.tailor`,
`workdays`. Imports of peerplan only errors, messages and text.
"""
