"""What was answered about one unit: a draft, which may be unfinished or wrong, and Answers, which are neither.

Others use: `draft` (check_draft turns one into the other), `model.Answers`, `toml` and `toml_writer` (answers.toml),
`questions` (what is to be asked), `privacy`. Imports of peerplan only guide and what is below it.
"""
