"""What makes tasks due: one set-based question for each, named in data/fieldwork/task-kinds.yaml.

A further domain adds a module here with a function under `@source`, imports it below, and names it in the YAML.
"""

from harapan.fieldwork.sources import data, following, hearings, meetings, money, months, road
from harapan.fieldwork.sources.asking import SOURCES, Area, Due, Source, Subject

__all__ = [
    "SOURCES",
    "Area",
    "Due",
    "Source",
    "Subject",
    "data",
    "following",
    "hearings",
    "meetings",
    "money",
    "months",
    "road",
]
