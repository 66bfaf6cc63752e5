"""The interview: steps.py says what is asked, walk.py leads through it, plain.py and screen.py put the questions."""
