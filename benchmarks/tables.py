"""The tables to measure with, the same ones each time: units as an education lead fills them in, and students."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random

SEED = 20261124
# A value that stands twice is twice as common.
COLUMNS = {
    "Verksamhet": (
        "sjukhusvård",
        "hemsjukvård",
        "primärvård",
        "särskilt boende",
        "laboratorium",
        "tandvårdsklinik",
        "röntgenavdelning",
        "annan verksamhet",
    ),
    "Start": ("2027-01-18", "2027-01-25", "2027-02-01", "2027-02-15", "2027-03-01"),
    "Slut": ("2027-04-16", "2027-05-14", "2027-06-04"),
    "Omfattning": ("hela perioden", "enstaka aktiviteter", "utbildningsvårdavdelning"),
    "Nivå": ("i början av utbildningen", "mitt i utbildningen", "i slutet av utbildningen", "specialistutbildning"),
    "Antal": ("2", "3", "4", "6", "8", "1", "5"),
    "Samordnarens roll": ("adjungerad klinisk adjunkt (AKA)", "klinisk assistent (KlAss)", "studentansvarig"),
    "Beslut att börja": ("pröva", "införa", "pröva", "inte bestämt", "pröva"),
    "Chefernas stöd": ("ja", "delvis", "ja", "vet ej", "nej"),
    "Kollegorna är med": ("delvis", "ja", "vet ej", "nej", "ja", "delvis", "ja"),
    "Rum och sittplatser": ("ja", "delvis", "nej", "vet ej"),
}
PLACES = ("Norra sjukhuset", "Södra sjukhuset", "Östra vårdområdet", "Västra kommunen", "Ängs stadsdel", "Åsens region")
KINDS = ("Avdelning", "Enhet", "Mottagning", "Team", "Klinik")
FIRST = ("Karin", "Bo", "Åsa", "Disa", "Örjan", "Maja", "Erik", "Sara", "Ali", "Eva", "Nils", "Ida", "Leo")
LAST = ("Exempel", "Provsson", "Övning", "Testberg", "Mallgren", "Utkast", "Modin", "Skiss", "Prototypsson")


def names(number: int) -> tuple[str, str]:
    """Give a person's name and e-mail address."""
    name = f"{FIRST[number % len(FIRST)]} {LAST[number // 2 % len(LAST)]}"
    return name, f"person{number}@region.example"


def units(count: int) -> Iterator[list[str]]:
    """Give the headings and one row a unit; a larger table begins with the rows of a smaller one."""
    chance = Random(SEED)  # noqa: S311  (nothing secret)
    yield ["Enhet", "Arbetsplats", "Samordnarens namn", "Samordnarens e-post", *COLUMNS]
    for number in range(count):
        name = f"{chance.choice(KINDS)} {number + 1}"
        facts = [chance.choice(values) for values in COLUMNS.values()]
        yield [name, chance.choice(PLACES), *names(number), *facts]


def students(count: int) -> Iterator[list[str]]:
    """Give the headings of a roster and one row a student."""
    yield ["Namn", "E-post", "Språk", "Grupp"]
    for number in range(count):
        yield [*names(number), ("svenska", "engelska")[number % 9 == 0], "ABCD"[number % 4]]


def recipients(count: int) -> Iterator[list[str]]:
    """Give the same students as mailmerge wants them."""
    yield ["email", "name", "group"]
    for name, email, _, group in islice(students(count), 1, None):
        yield [email, name, group]


def save(rows: Iterator[list[str]], path: Path, delimiter: str = ";") -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
