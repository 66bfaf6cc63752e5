"""The work of each command as a plain function; cli.py parses and reports."""
