"""Indicators and units of numbers in words. What is not in the tables is shown as it was typed."""

from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from tenders.ledger import Claim

NAMES = {
    "proposals_received": gettext_lazy("Proposals received"),
    "plots_offered": gettext_lazy("Plots offered"),
    "plots_remaining": gettext_lazy("Plots remaining"),
    "plots_total": gettext_lazy("Plots in all"),
    "plots_awarded": gettext_lazy("Plots awarded"),
    "plots_announced": gettext_lazy("Plots announced"),
    "proponents": gettext_lazy("Proponents"),
    "proposals_per_plot": gettext_lazy("Proposals per plot"),
    "lots_offered": gettext_lazy("Lots offered"),
    "lots_awarded": gettext_lazy("Lots awarded"),
    "gfa": gettext_lazy("Gross floor area"),
    "gfa_offered": gettext_lazy("Gross floor area offered"),
    "gfa_remaining": gettext_lazy("Gross floor area remaining"),
    "gfa_awarded": gettext_lazy("Gross floor area awarded"),
    "area": gettext_lazy("Area of land"),
    "area_offered": gettext_lazy("Area of land offered"),
    "area_remaining": gettext_lazy("Area of land remaining"),
    "area_awarded": gettext_lazy("Area of land awarded"),
    "buildings": gettext_lazy("Buildings"),
    "buildings_completed": gettext_lazy("Buildings completed"),
    "buildings_occupied": gettext_lazy("Buildings in use"),
    "personnel": gettext_lazy("People working there"),
    "manufacturing_growth": gettext_lazy("Growth of manufacturing"),
    "manufacturing_gdp": gettext_lazy("Value added by manufacturing"),
}


def _billion_dollars(text: str) -> str:
    """Chinese counts such sums in hundreds of millions: HK$82.2 billion is 822 億港元."""
    if (get_language() or "en") == "en":
        return _("HK$%(number)s billion") % {"number": text}
    tenfold = digits(Decimal(text.replace(",", "")) * 10)
    return _("HK$%(number)s hundred million") % {"number": tenfold}


# Each takes the number in digits and the number that decides on singular or plural.
UNITS: dict[str, Callable[[str, int], str]] = {
    "proposals": lambda text, n: (
        ngettext("%(number)s proposal", "%(number)s proposals", n) % {"number": text}
    ),
    "proponents": lambda text, n: (
        ngettext("%(number)s proponent", "%(number)s proponents", n) % {"number": text}
    ),
    "lots": lambda text, n: ngettext("%(number)s lot", "%(number)s lots", n) % {"number": text},
    "proposals a plot": lambda text, n: (
        ngettext("%(number)s proposal a plot", "%(number)s proposals a plot", n) % {"number": text}
    ),
    "plots": lambda text, n: ngettext("%(number)s plot", "%(number)s plots", n) % {"number": text},
    "buildings": lambda text, n: (
        ngettext("%(number)s building", "%(number)s buildings", n) % {"number": text}
    ),
    "people": lambda text, n: ngettext("%(number)s person", "%(number)s people", n) % {"number": text},
    "sq ft": lambda text, _n: _("%(number)s sq ft") % {"number": text},
    "m2": lambda text, _n: _("%(number)s m²") % {"number": text},
    "ha": lambda text, _n: _("%(number)s ha") % {"number": text},
    "HKD": lambda text, _n: _("HK$%(amount)s") % {"amount": text},
    "billion HKD": lambda text, _n: _billion_dollars(text),
    "percent": lambda text, _n: _("%(number)s%%") % {"number": text},
    "percent a year": lambda text, _n: _("%(number)s%% a year") % {"number": text},
}

# What is counted one by one: the digits alone are the number, its name says of what.
COUNTED = frozenset({"proposals", "proponents", "lots", "proposals a plot", "plots", "buildings", "people"})

QUALIFIED: dict[str, Callable[[str], str]] = {
    "about": lambda words: _("about %(number)s") % {"number": words},
    "more than": lambda words: _("more than %(number)s") % {"number": words},
    "less than": lambda words: _("less than %(number)s") % {"number": words},
    "preliminary": lambda words: _("%(number)s (preliminary)") % {"number": words},
}


def indicator_name(indicator: str) -> str:
    """ "Plots remaining" for plots_remaining; "Floor plates" for a floor_plates that nobody translated."""
    if indicator in NAMES:
        return str(NAMES[indicator])
    return indicator.replace("_", " ").replace("-", " ").capitalize()


def digits(value: Decimal) -> str:
    """Grouped by thousands, no needless decimals."""
    return f"{value.normalize():,f}"


def quantity(value: Decimal, unit: str) -> str:
    """ "22 plots", "1 plot", "9,509,455 sq ft"."""
    if unit in UNITS:
        whole = int(value) if value == int(value) else 2
        return UNITS[unit](digits(value), whole)
    return f"{digits(value)} {unit}".strip()


def claim_words(claim: Claim) -> str:
    """The value as it was said: "about 1,400 people", "22 plots (preliminary)"."""
    words = quantity(claim.value, claim.unit)
    if not claim.qualifier:
        return words
    if claim.qualifier in QUALIFIED:
        return QUALIFIED[claim.qualifier](words)
    return _("%(number)s, %(qualifier)s") % {"number": words, "qualifier": claim.qualifier}
