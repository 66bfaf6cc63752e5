"""What the program prints: results as text (`terminal`) or JSON (`json`), and failures.

Both have a function of the same name for each command. They import commands for their types only, so that a report
loads nothing that its command did not.
"""
