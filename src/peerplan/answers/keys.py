"""The keys of answers.toml that the program itself looks at."""

LANGUAGE = "language"
PLANNED_FROM = "planned-from"
NAME = "unit.name"
WORKPLACE = "unit.workplace"
COORDINATOR = "unit.coordinator.name"
START = "placement.start"
END = "placement.end"
SCOPE = "placement.scope"
ACTIVITIES = "placement.activities"

# What a person wrote into the documents: of an item, by its id; and her own lines.
NOTES, DUE, WHO = ITEM_WORDS = ("notes", "due", "who")
OWN = "own"
