"""`peerplan emails`: `roster` reads a list of students, `run` drafts a letter to each. Neither keeps anything."""
