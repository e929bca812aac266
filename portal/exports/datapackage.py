"""All files with their columns, and the Frictionless Data Package (v1, with Table Schemas) made of them."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from portal.exports import (
    awards_csv,
    calendar_csv,
    changes_csv,
    figures_csv,
    lots_csv,
    pipeline_csv,
    plots_csv,
    releases_csv,
    rounds_csv,
)
from portal.exports import fields as meanings
from portal.exports.fields import Field, Text

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}


@dataclass(frozen=True)
class File:
    """A CSV of the site. `key` tells its rows apart, empty where nothing does; `refers` says whose key columns hold."""

    name: str
    title: Text
    about: Text
    fields: dict[str, Field]
    key: tuple[str, ...]
    refers: dict[tuple[str, ...], str] = field(default_factory=dict)


FILES: dict[str, File] = {
    file.name: file
    for file in [
        File(
            "plots",
            _("Plots"),
            _("One row a plot that has been named, with its availability, release and round."),
            meanings.fields(plots_csv.COLUMNS, meanings.PLOTS),
            key=("park", "plot"),
            refers={("release",): "releases", ("round",): "rounds"},
        ),
        File(
            "releases",
            _("Releases"),
            _("One row a release of plots, with its window as last announced and how far it has slipped."),
            meanings.fields(releases_csv.COLUMNS, meanings.RELEASES),
            key=("release",),
        ),
        File(
            "rounds",
            _("Rounds"),
            _("One row a round, with its dates, its stage and what is public of its proposals."),
            meanings.fields(rounds_csv.COLUMNS, meanings.ROUNDS),
            key=("round",),
        ),
        File(
            "lots",
            _("Lots"),
            _("One row a lot of a round: a plot, or a package of several."),
            meanings.fields(lots_csv.COLUMNS, meanings.LOTS),
            key=("round", "lot"),
            refers={("round",): "rounds"},
        ),
        File(
            "awards",
            _("Awards"),
            _("One row an award that stands."),
            meanings.fields(awards_csv.COLUMNS, meanings.AWARDS),
            key=("round", "lot"),
            refers={("round", "lot"): "lots"},
        ),
        File(
            "figures",
            _("Figures"),
            _("One row a claim: a number as a source reported it. Contradicting claims all stay."),
            meanings.fields(figures_csv.COLUMNS, meanings.FIGURES),
            key=("figure", "as_of", "source"),
        ),
        File(
            "pipeline",
            _("Pipeline"),
            _(
                "One row a phase, state and day on which the phase changed: "
                "plots named, with their area, and plots only counted."
            ),
            meanings.fields(pipeline_csv.COLUMNS, meanings.PIPELINE),
            key=(),  # a row of what was so before anything dated has no date, and no key may be empty
        ),
        File(
            "calendar",
            _("Calendar"),
            _("One row an entry: releases, milestones, and the dates of rounds."),
            meanings.fields(calendar_csv.COLUMNS, meanings.CALENDAR),
            key=("uid",),
        ),
        File(
            "changes",
            _("Changes"),
            _("One row a change between two days, without any the last 30: newest first."),
            meanings.fields(changes_csv.COLUMNS, meanings.CHANGES),
            key=(),  # the same may happen twice on one day
        ),
    ]
}


def package(address_of: Callable[[str], str], home: str) -> bytes:
    """datapackage.json in the active language; `address_of` gives a file's absolute address by its name."""
    descriptor = {
        "profile": "tabular-data-package",
        "name": "tenderground",
        "title": now("Tenderground: the land of innovation parks on its way to market"),
        "description": now(
            "Facts are free to use and to pass on; name the source. Rows of the park “sample” are made up."
        ),
        "homepage": home,
        "licenses": [LICENCE],
        "resources": [_resource(file, address_of(file.name)) for file in FILES.values()],
    }
    return json.dumps(descriptor, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def _resource(file: File, address: str) -> dict[str, object]:
    return {
        "profile": "tabular-data-resource",
        "name": file.name,
        "path": address,
        "title": str(file.title),
        "description": str(file.about),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": DIALECT,
        "licenses": [LICENCE],
        "schema": _schema(file),
    }


def _schema(file: File) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(name, column) for name, column in file.fields.items()],
        "missingValues": [""],
    }
    if file.key:
        schema["primaryKey"] = list(file.key)
    if file.refers:
        schema["foreignKeys"] = [
            {"fields": list(own), "reference": {"resource": other, "fields": list(FILES[other].key)}}
            for own, other in file.refers.items()
        ]
    return schema


def _field(name: str, column: Field) -> dict[str, object]:
    constraints: Mapping[str, object] = {
        key: value for key, value in [("enum", list(column.values)), ("pattern", column.pattern)] if value
    }
    described: dict[str, object] = {"name": name, "type": column.type, "description": str(column.meaning)}
    if column.format:
        described["format"] = column.format
    if constraints:
        described["constraints"] = constraints
    return described
