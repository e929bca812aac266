"""Public addresses: a URL is a noun and its extension is the format."""

from django.urls import path

from portal.views import (
    calendar,
    changes,
    data,
    figures,
    files,
    home,
    meta,
    parks,
    pipeline,
    plots,
    press,
    releases,
    rounds,
)  # fmt: skip

pages = [
    path("", home.home, name="home"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("parks/", parks.park_list, name="parks"),
    path("parks/<slug:park>/", parks.park_detail, name="park"),
    path("parks/<slug:park>/plots/<path:plot>/", plots.plot_detail, name="plot"),
    path("plots/", plots.plot_list, name="plots"),
    path("pipeline/", pipeline.pipeline_detail, name="pipeline"),
    path("releases/", releases.release_list, name="releases"),
    path("releases/<slug:release>/", releases.release_detail, name="release"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/<path:round>/", rounds.round_detail, name="round"),
    path("figures/", figures.figure_list, name="figures"),
    path("figures/<path:figure>/", figures.figure_detail, name="figure"),
    path("changes/", changes.change_list, name="changes"),
    path("press/", press.press, name="press"),
    path("data/", data.data, name="data"),
]

downloads = [
    path("plots.csv", files.plots_csv, name="plots-csv"),
    path("releases.csv", files.releases_csv, name="releases-csv"),
    path("rounds.csv", files.rounds_csv, name="rounds-csv"),
    path("lots.csv", files.lots_csv, name="lots-csv"),
    path("awards.csv", files.awards_csv, name="awards-csv"),
    path("figures.csv", files.figures_csv, name="figures-csv"),
    path("pipeline.csv", pipeline.pipeline_csv, name="pipeline-csv"),
    path("calendar.csv", calendar.calendar_csv, name="calendar-csv"),
    path("calendar.ics", calendar.calendar_ics, name="calendar-ics"),
    path("calendar.atom", changes.calendar_atom, name="calendar-atom"),
    path("changes.csv", changes.changes_csv, name="changes-csv"),
    path("changes.atom", changes.changes_atom, name="changes-atom"),
    path("data/datapackage.json", data.datapackage, name="datapackage"),
]

# Not of any language.
machine = [
    path("healthz", meta.healthz, name="healthz"),
    path("robots.txt", meta.robots, name="robots"),
    path("sitemap.xml", meta.sitemap, name="sitemap"),
]

urlpatterns = [*pages, *downloads]
