"""`peerplan batch`: `rows` understands a table, `folders` names each unit's folder, `work` does one unit, `run` all."""
