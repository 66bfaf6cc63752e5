"""Edits as a person makes them."""

Lines = list[str]


def edited(lines: Lines, kind: str, places: tuple[int, int, int], new: Lines) -> Lines:
    """One edit as a person makes it, of the lines between the first two places; the third is where to."""
    first, last, target = min(places[:2]), max(places[:2]), places[2]
    piece, rest = lines[first:last], lines[:first] + lines[last:]
    match kind:
        case "insert":
            return lines[:first] + new + lines[first:]
        case "delete":
            return rest
        case "change":
            return lines[:first] + [f"{line} ändrad" for line in piece] + lines[last:]
        case "move":
            return rest[:target] + piece + rest[target:]
        case "rewrite":
            return lines[:first] + new + lines[last:]
        case _:
            return lines[:target] + piece + lines[target:]
