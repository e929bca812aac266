"""What a query string may ask of each list: a page and its file read it with the same class.

An unknown parameter is ignored; of a repeated one the last counts. A code that nothing public has finds
nothing, so that a draft's code is like one that never was. What cannot be read at all raises BadParameter, in
words for the reader.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, Replace
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parks.models import Park, Phase, Plot, Release, ReleaseRevision
from parks.windows import Precision
from portal.asof import BadParameter, Moment
from tenders.availability import Availability, ReleaseStatus
from tenders.models import Award, Figure, Lot, TenderRound
from tenders.statuses import RoundKind, Stage

FIRST_YEAR, LAST_YEAR = 1990, 2100
LONGEST_SEARCH = 100  # letters; each word is looked for in every field, and a query has its limits
NAMES = ("name_en", "name_zh_hant", "name_zh_hans")
TITLES = ("title_en", "title_zh_hant", "title_zh_hans")
PARK = ("park__slug", *(f"park__{name}" for name in NAMES))

Item = TypeVar("Item")
Choices = list[tuple[str, Any]]


class Filters(django_filters.FilterSet):
    """A set of filters that is valid once it is made, and whose form shows what a reader would fill in."""

    hidden: Sequence[str] = ()  # read from the address and kept, but not asked for in the form

    def __init__(self, params: Mapping[str, Any], queryset: QuerySet[Any], moment: Moment) -> None:
        self.moment = moment
        super().__init__(params, queryset)
        if not self.form.is_valid():
            raise BadParameter(self._words())
        self.check(self.form.cleaned_data)
        self._prepare_form()

    def check(self, values: dict[str, Any]) -> None:
        """Raise BadParameter where two values do not go together."""

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return any(
            value not in (None, "") for name, value in self.form.cleaned_data.items() if name != "sort"
        )

    def _words(self) -> str:
        return " ".join(f"{name}: {error}" for name, errors in self.form.errors.items() for error in errors)

    def _prepare_form(self) -> None:
        self.form.order_fields(["q", "park", "phase"])
        fields = self.form.fields
        for name in self.hidden:
            if self.form.cleaned_data[name] in (None, ""):
                del fields[name]  # an empty hidden field would only lengthen the next address
            else:
                fields[name].widget = forms.HiddenInput()
        # A choice of codes is no check of them: these lists are for the eye, and asked for when it looks.
        if "park" in fields:
            fields["park"].widget = _select(park_choices)
        if "phase" in fields:
            fields["phase"].widget = _select(phase_choices(self.form.cleaned_data["park"]))


def _select(choices: Callable[[], Choices]) -> forms.Select:
    widget = forms.Select()
    widget.choices = choices  # type: ignore[assignment]  # Django takes a callable here; its stubs do not know
    return widget


def park_choices() -> Choices:
    return [("", _("All parks")), *[(park.slug, park.name) for park in Park.objects.public()]]


def phase_choices(park: str) -> Callable[[], Choices]:
    """The phases of the chosen park, else of every park under its name. Asked for when a form is drawn."""

    def choices() -> Choices:
        phases = Phase.objects.public().select_related("park")
        if park:
            return [("", _("All phases")), *[(phase.code, phase.name) for phase in phases.in_park(park)]]
        groups: dict[str, Choices] = {}
        for phase in phases:
            groups.setdefault(phase.park.name, []).append((phase.code, phase.name))
        return [("", _("All phases")), *groups.items()]

    return choices


def page_of(items: Sequence[Item] | QuerySet[Any], number: str, per_page: int = 50) -> Page[Any]:
    """The page asked for, else the first. Raises BadParameter for what is no number or past the end."""
    paginator = Paginator(items, per_page)
    if not re.fullmatch(r"[1-9][0-9]{0,6}|", number):
        raise BadParameter(_("page: write a number from 1 on."))
    if int(number or 1) > paginator.num_pages:
        words = ngettext(
            "page: there is only %(count)d.", "page: there are only %(count)d.", paginator.num_pages
        )
        raise BadParameter(words % {"count": paginator.num_pages})
    return paginator.page(int(number or 1))


def _code(label: Any, method: str) -> Any:
    return django_filters.CharFilter(label=label, method=method, max_length=100)


def _search() -> Any:
    return django_filters.CharFilter(
        label=gettext_lazy("Search"),
        method="search",
        max_length=LONGEST_SEARCH,
        widget=forms.TextInput(attrs={"type": "search"}),
    )


def _one_of(label: Any, choices: Iterable[tuple[str, Any]], method: str) -> Any:
    return django_filters.ChoiceFilter(
        label=label, choices=list(choices), empty_label=gettext_lazy("Any"), method=method
    )


class YearFilter(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Year"), method="in_year", min_value=FIRST_YEAR, max_value=LAST_YEAR
        )


class ByPark(Filters):
    park = _code(gettext_lazy("Park"), "in_park")

    def in_park(self, rows: QuerySet[Any], _name: str, slug: str) -> QuerySet[Any]:
        return rows.filter(park__slug=slug)


def containing(rows: QuerySet[Any], words: str, fields: Iterable[str]) -> QuerySet[Any]:
    """The rows that have every word in one of the fields or another; capital or small does not matter."""
    names = list(fields)
    for word in dict.fromkeys(words.split()):
        found = Q()
        for name in names:
            found |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(found)
    return rows


# What plots may be sorted by. Nothing of proposals is here, so the order cannot tell of them.
AVAILABILITIES = [value.value for value in Availability]
PLOT_ORDERS: dict[str, list[Any]] = {
    "park": [F("park__order"), F("park__slug")],
    "plot": [F("code")],
    "area": [F("area_m2")],
    "gfa": [F("max_gfa_m2")],
    "ratio": [F("max_gfa_m2") * Value(1.0) / F("area_m2")],
    "availability": [
        Case(
            *[When(availability=value, then=Value(rank)) for rank, value in enumerate(AVAILABILITIES)],
            output_field=models.IntegerField(),
        )
    ],
}
PLOT_SORTS = [(f"{sign}{name}", name) for name in PLOT_ORDERS for sign in ("", "-")]


class PlotFilter(ByPark):
    q = _search()
    park = _code(gettext_lazy("Park"), "in_park")
    phase = _code(gettext_lazy("Phase"), "in_phase")
    availability = _one_of(gettext_lazy("Availability"), Availability.choices, "available")
    sector = _code(gettext_lazy("Sector"), "of_sector")
    area_min = django_filters.NumberFilter(
        label=gettext_lazy("Area from, m²"), method="at_least", min_value=0, max_digits=12, decimal_places=2
    )
    area_max = django_filters.NumberFilter(
        label=gettext_lazy("to, m²"), method="at_most", min_value=0, max_digits=12, decimal_places=2
    )
    round = _code(gettext_lazy("Round"), "in_round")
    release = _code(gettext_lazy("Release"), "in_release")
    sort = _one_of(gettext_lazy("Sorted by"), PLOT_SORTS, "sorted_by")

    hidden = ("sector", "round", "release", "sort")

    def check(self, values: dict[str, Any]) -> None:
        low, high = values["area_min"], values["area_max"]
        if low is not None and high is not None and low > high:
            raise BadParameter(_("area_min is more than area_max: swap them."))

    def search(self, plots: QuerySet[Plot], _name: str, words: str) -> QuerySet[Plot]:
        return containing(plots, words, ["code", *NAMES, "land_use", "sectors", *PARK])

    def in_phase(self, plots: QuerySet[Plot], _name: str, code: str) -> QuerySet[Plot]:
        """Of the phase or of a part of it."""
        return plots.filter(Q(phase__code=code) | Q(phase__part_of__code=code))

    def available(self, plots: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return plots.filter(availability=value)

    def of_sector(self, plots: QuerySet[Plot], _name: str, sector: str) -> QuerySet[Plot]:
        """One of its sectors whole, however the semicolons between them are spaced."""
        joined = Concat(Value(";"), Replace("sectors", Value("; "), Value(";")), Value(";"))
        return plots.alias(sectors_joined=joined).filter(sectors_joined__icontains=f";{sector};")

    def at_least(self, plots: QuerySet[Plot], _name: str, area: object) -> QuerySet[Plot]:
        """A plot of unknown area may be what the reader looks for: it stays, and the page says so."""
        return plots.filter(Q(area_m2=None) | Q(area_m2__gte=area))

    def at_most(self, plots: QuerySet[Plot], _name: str, area: object) -> QuerySet[Plot]:
        return plots.filter(Q(area_m2=None) | Q(area_m2__lte=area))

    def in_round(self, plots: QuerySet[Plot], _name: str, code: str) -> QuerySet[Plot]:
        rounds = TenderRound.objects.public(self.moment.at).naming(OuterRef("pk"), self.moment.day)
        return plots.filter(Exists(rounds.filter(code=code)))

    def in_release(self, plots: QuerySet[Plot], _name: str, code: str) -> QuerySet[Plot]:
        told = ReleaseRevision.objects.announced_by(self.moment.day).filter(subject=OuterRef("pk"))
        releases = Release.objects.public().naming(OuterRef("pk"), self.moment.day)
        return plots.filter(Exists(releases.filter(Exists(told), code=code)))

    def sorted_by(self, plots: QuerySet[Plot], _name: str, value: str) -> QuerySet[Plot]:
        """Unknown values last, either way round; ties by park and plot."""
        keys = PLOT_ORDERS[value.removeprefix("-")]
        if value.startswith("-"):
            first = [key.desc(nulls_last=True) for key in keys]
        else:
            first = [key.asc(nulls_last=True) for key in keys]
        return plots.order_by(*first, "park__order", "park__slug", "code")


class ReleaseFilter(ByPark):
    q = _search()
    park = _code(gettext_lazy("Park"), "in_park")
    status = _one_of(gettext_lazy("Status"), ReleaseStatus.choices, "of_status")
    year = YearFilter()

    def search(self, releases: QuerySet[Release], _name: str, words: str) -> QuerySet[Release]:
        phase = [f"phase__{name}" for name in NAMES]
        return containing(releases, words, ["code", *TITLES, *PARK, *phase])

    def of_status(self, releases: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return releases.filter(status=value)

    def in_year(self, releases: QuerySet[Release], _name: str, year: int) -> QuerySet[Release]:
        """Its current window can fall in the year (see parks.windows.overlaps)."""
        told = ReleaseRevision.objects.announced_by(self.moment.day).filter(subject=OuterRef("pk"))
        current = told.order_by("-announced_on", "-number")
        return releases.alias(
            window_earliest=models.Subquery(current.values("window_earliest")[:1]),
            window_latest=models.Subquery(current.values("window_latest")[:1]),
            window_precision=models.Subquery(current.values("window_precision")[:1]),
        ).filter(
            Q(window_earliest=None) | Q(window_earliest__lte=date(year, 12, 31)),
            Q(window_latest=None) | Q(window_latest__gte=date(year, 1, 1)),
            ~Q(window_precision=Precision.UNKNOWN.value),
        )


PUBLIC_STAGES = [(stage.value, stage.label) for stage in Stage if stage is not Stage.DRAFT]


class RoundFilter(ByPark):
    q = _search()
    park = _code(gettext_lazy("Park"), "in_park")
    stage = _one_of(gettext_lazy("Stage"), PUBLIC_STAGES, "at_stage")
    kind = _one_of(gettext_lazy("Kind"), RoundKind.choices, "of_kind")
    year = YearFilter()

    def search(self, rounds: QuerySet[TenderRound], _name: str, words: str) -> QuerySet[TenderRound]:
        phase = [f"phase__{name}" for name in NAMES]
        return containing(rounds, words, ["code", *TITLES, *PARK, *phase])

    def at_stage(self, rounds: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rounds.filter(stage_now=value)

    def of_kind(self, rounds: QuerySet[TenderRound], _name: str, value: str) -> QuerySet[TenderRound]:
        return rounds.filter(kind=value)

    def in_year(self, rounds: QuerySet[TenderRound], _name: str, year: int) -> QuerySet[TenderRound]:
        """Open at some time of the year in Hong Kong; a round without a closing time stays open."""
        begins, ends = _new_year(year), _new_year(year + 1)
        return rounds.alias(begins=Coalesce("opening_time", "published_at")).filter(
            Q(closing_time=None) | Q(closing_time__gte=begins), begins__lt=ends
        )


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=timezone.get_default_timezone())


def round_choices(moment: Moment) -> Callable[[], Choices]:
    """The public rounds under the names of their parks. Asked for when a form is drawn."""

    def choices() -> Choices:
        rounds = TenderRound.objects.public(moment.at).select_related("park")
        groups: dict[str, Choices] = {}
        for round in rounds.order_by("park__order", "park__slug", "-published_at", "code"):
            groups.setdefault(round.park.name, []).append((round.code, f"{round.code} · {round.title}"))
        return [("", _("The newest round")), *groups.items()]

    return choices


class PressFilter(ByPark):
    """Which round or park the press line is about."""

    park = _code(gettext_lazy("Park"), "in_park")
    round = _code(gettext_lazy("Round"), "in_round")

    def in_round(self, rounds: QuerySet[TenderRound], _name: str, code: str) -> QuerySet[TenderRound]:
        return rounds.filter(code=code)

    def _prepare_form(self) -> None:
        super()._prepare_form()
        self.form.fields["round"].widget = _select(round_choices(self.moment))


class LotFilter(Filters):
    round = _code(gettext_lazy("Round"), "in_round")
    park = _code(gettext_lazy("Park"), "in_park")

    def in_round(self, lots: QuerySet[Lot], _name: str, code: str) -> QuerySet[Lot]:
        return lots.filter(round__code=code)

    def in_park(self, lots: QuerySet[Lot], _name: str, slug: str) -> QuerySet[Lot]:
        return lots.filter(round__park__slug=slug)


class AwardFilter(Filters):
    round = _code(gettext_lazy("Round"), "in_round")
    park = _code(gettext_lazy("Park"), "in_park")

    def in_round(self, awards: QuerySet[Award], _name: str, code: str) -> QuerySet[Award]:
        return awards.filter(lot__round__code=code)

    def in_park(self, awards: QuerySet[Award], _name: str, slug: str) -> QuerySet[Award]:
        return awards.filter(lot__round__park__slug=slug)


class FigureFilter(Filters):
    park = _code(gettext_lazy("Park"), "in_park")
    indicator = _code(gettext_lazy("Indicator"), "of_indicator")
    round = _code(gettext_lazy("Round"), "in_round")
    figure = _code(gettext_lazy("Figure"), "called")

    hidden = ("indicator", "round", "figure")

    def in_park(self, figures: QuerySet[Figure], _name: str, slug: str) -> QuerySet[Figure]:
        """About the park, a phase, a release or a round of it."""
        return figures.filter(Q(park__slug=slug) | Q(release__park__slug=slug) | Q(round__park__slug=slug))

    def of_indicator(self, figures: QuerySet[Figure], _name: str, indicator: str) -> QuerySet[Figure]:
        return figures.filter(indicator=indicator)

    def in_round(self, figures: QuerySet[Figure], _name: str, code: str) -> QuerySet[Figure]:
        return figures.filter(round__code=code)

    def called(self, figures: QuerySet[Figure], _name: str, figure: str) -> QuerySet[Figure]:
        """All claims of one number; its name is made of codes and stands in no column. One query."""
        related = figures.select_related("park", "phase", "release", "round")
        return figures.filter(pk__in=[claim.pk for claim in related if claim.figure_id == figure])
