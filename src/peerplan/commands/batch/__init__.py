"""`peerplan batch`, whose memory does not grow with the units: `run` leads, `staff` and `team` share out the rows.

`rows` understands a table and `answer_files` a folder of answers, `folders` names each unit's folder, `checking` looks
at all rows before `work` writes those of a chunk; `findings`, `spool` and `gone` keep the little that is told in the
end, and `overview` writes that.
"""
