"""The numbers that are counted from records, what each is measured in, and which of them are parts of which."""

from decimal import Decimal

TOTAL, OFFERED, REMAINING, AWARDED = "plots_total", "plots_offered", "plots_remaining", "plots_awarded"
ANNOUNCED = "plots_announced"
PROPOSALS, PROPONENTS = "proposals_received", "proponents"
PER_PLOT = "proposals_per_plot"
AREA, GFA = "area", "gfa"
LOTS, LOTS_AWARDED = "lots_offered", "lots_awarded"

PLOTS, SQUARE_METRES = "plots", "m2"
UNITS = {
    TOTAL: PLOTS,
    OFFERED: PLOTS,
    REMAINING: PLOTS,
    AWARDED: PLOTS,
    ANNOUNCED: PLOTS,
    PROPOSALS: "proposals",
    PROPONENTS: "proponents",
    PER_PLOT: "proposals a plot",
    LOTS: "lots",
    LOTS_AWARDED: "lots",
    **{
        f"{measure}{state}": SQUARE_METRES
        for measure in (AREA, GFA)
        for state in ("", "_offered", "_remaining", "_awarded")
    },
}

# A whole and what cannot be more than it.
WITHIN = {
    TOTAL: (OFFERED, REMAINING, AWARDED),
    OFFERED: (AWARDED,),
    "buildings": ("buildings_completed", "buildings_occupied"),
}

# What the phases that are parts of another add up to.
ADDITIVE = (TOTAL, AREA, GFA, "buildings")

# Square metres in one of the unit: the international foot of 0.3048 m; the hectare.
IN_SQUARE_METRES = {"m2": Decimal(1), "sq ft": Decimal("0.09290304"), "ha": Decimal(10000)}


def comparable(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Areas in square metres, so that two units of area can be held against each other; others as they are."""
    if unit in IN_SQUARE_METRES:
        return value * IN_SQUARE_METRES[unit], SQUARE_METRES
    return value, unit
