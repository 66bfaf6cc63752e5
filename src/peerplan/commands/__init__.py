"""The work of each command as a plain function: a request and a kit -> a result, with the failure to tell, if any.

`making` is the one way from answers to a folder that init, update and batch share. Nothing is printed here. Imports of
peerplan everything but cli, report and interview.
"""
