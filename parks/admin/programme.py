"""Releases and milestones: what was announced so far, and the one way to announce more."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from parks.admin.base import (
    MissingName,
    NamedCells,
    ReadOnlyAdmin,
    ReadOnlyInline,
    StaffAdmin,
    link_to,
    named_today,
    publish,
    unpublish,
    was_published,
)
from parks.admin.land import PROOF, UNPUBLISHED
from parks.forms import MilestoneAnnouncementForm, NamingForm, ReleaseAnnouncementForm
from parks.models import Milestone, MilestoneRevision, Release, ReleasePlot, ReleaseRevision
from parks.models.programme import Revision
from parks.programme import AnnouncementRefused, announce, announce_milestone
from parks.windows import iso_day, speak

TITLES = (gettext_lazy("In Chinese"), {"fields": ["title_zh_hant", "title_zh_hans"]})


class WindowFilter(admin.SimpleListFilter):
    """To do: what was to have come by now, by the newest announcement."""

    title = gettext_lazy("window")
    parameter_name = "window"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("passed", _("has passed")),
            ("begun", _("has begun")),
            ("ahead", _("is to come")),
            ("undated", _("not dated")),
            ("unsaid", _("nothing announced")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        revisions = queryset.model.revisions.rel.related_model.objects
        newest = revisions.filter(subject=OuterRef("pk")).order_by("-announced_on", "-number")
        today = timezone.localdate()
        dated = queryset.annotate(
            now_earliest=Subquery(newest.values("window_earliest")[:1]),
            now_latest=Subquery(newest.values("window_latest")[:1]),
            now_precision=Subquery(newest.values("window_precision")[:1]),
        )
        begun = Q(now_earliest__lte=today) & (Q(now_latest=None) | Q(now_latest__gte=today))
        chosen = {
            "passed": Q(now_latest__lt=today),
            "begun": begun,
            "ahead": Q(now_earliest__gt=today) | Q(now_earliest=None, now_latest__gte=today),
            "undated": Q(now_precision="unknown"),
            "unsaid": Q(now_precision=None),
        }
        return dated.filter(chosen.get(str(self.value()), Q()))


class AnnouncedInline(ReadOnlyInline):
    """Every announcement so far. None is changed or deleted: a mistake is corrected by a further one."""

    verbose_name_plural = gettext_lazy("Announced so far")
    ordering = ["-announced_on", "-number"]
    fields: ClassVar[list[Any]] = ["number", "said_on", "words", "means", "source_link", "reason", "entered"]
    readonly_fields = ["number", "said_on", "words", "means", "source_link", "entered"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source", "by")

    @admin.display(description=gettext_lazy("said on"))
    def said_on(self, revision: Revision) -> str:
        return iso_day(revision.announced_on, revision.announced_precision)

    @admin.display(description=gettext_lazy("words"))
    def words(self, revision: Revision) -> str:
        quoted = format_html("“{}”", revision.window_text) if revision.verbatim else revision.window_text
        return format_html("<s>{}</s> {}", quoted, _("called off")) if revision.cancelled else quoted

    @admin.display(description=gettext_lazy("read as"))
    def means(self, revision: Revision) -> str:
        return speak(revision.window, get_language() or "en")

    @admin.display(description=gettext_lazy("source"))
    def source_link(self, revision: Revision) -> str:
        return link_to(revision.source)

    @admin.display(description=gettext_lazy("entered by"))
    def entered(self, revision: Revision) -> str:
        return str(revision.by or _("import"))


class AnnounceFormSet(BaseInlineFormSet):
    """At most one new announcement at a time; refused while the form can still say why."""

    announce: Callable[..., Revision]

    def clean(self) -> None:
        super().clean()
        if self.instance.pk is None or any(self.errors):
            return
        for form in self.said_forms():
            try:
                with transaction.atomic():
                    type(self).announce(self.instance, **form.said())
                    transaction.set_rollback(True)  # a trial: it is written when the whole page is
            except (AnnouncementRefused, ValidationError) as refusal:
                words = refusal.messages if isinstance(refusal, ValidationError) else str(refusal)
                form.add_error("window_text", words)
                raise ValidationError(words) from refusal

    def said_forms(self) -> list[Any]:
        return [form for form in self.forms if form.has_changed()]


class AnnounceInline(admin.StackedInline):
    """The form for one more announcement."""

    verbose_name = gettext_lazy("announcement")
    verbose_name_plural = gettext_lazy("Announce: new, or changed again")
    autocomplete_fields = ["source"]
    max_num = 1
    can_delete = False
    fields_said: ClassVar[list[Any]] = [
        "window_text",
        ("announced_on", "source"),
        "verbatim",
        "reason",
        "cancelled",
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).none()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        words = _("Kept for good, as it was said and when. A mistake is corrected by a further announcement.")
        days = _("Only where the words cannot be read, or mean other days than they say.")
        return [
            (None, {"fields": self.fields_said, "description": words}),
            (
                _("In Chinese"),
                {"fields": ["window_text_zh_hant", "window_text_zh_hans"], "classes": ["collapse"]},
            ),
            (
                _("Days, where the words do not tell"),
                {
                    "fields": ["window_earliest", "window_latest", "window_precision"],
                    "description": days,
                    "classes": ["collapse"],
                },
            ),
        ]

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 0

    def get_min_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=True, validate_max=True, **kwargs)


class AnnouncingAdmin(StaffAdmin):
    """Shared by releases and milestones: revisions are written by parks.programme alone."""

    list_filter: ClassVar[list[Any]] = [WindowFilter, "park", "published", MissingName]
    search_fields = ["code", "title_en", "title_zh_hant", "title_zh_hans", "park__slug", "park__name_en"]
    list_select_related = ["park", "phase__park"]
    actions = [publish, unpublish]

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool) -> None:
        if not isinstance(formset, AnnounceFormSet):
            super().save_formset(request, form, formset, change)
            return
        announce = type(formset).announce
        formset.new_objects = [
            announce(form.instance, by=request.user, **said.said()) for said in formset.said_forms()
        ]
        formset.changed_objects, formset.deleted_objects = [], []

    def get_queryset(self, request: HttpRequest) -> Any:
        revisions = self.model.revisions.rel.related_model.objects.in_order()
        told = Prefetch("revisions", revisions, to_attr="told")
        return super().get_queryset(request).select_related("park", "phase__park").prefetch_related(told)

    @admin.display(description=gettext_lazy("when, as last announced"))
    def when(self, subject: Release | Milestone) -> str:
        return subject.current.window_text if subject.told else ""

    @admin.display(description=gettext_lazy("announced"))
    def last_said(self, subject: Release | Milestone) -> str:
        return (
            iso_day(subject.current.announced_on, subject.current.announced_precision) if subject.told else ""
        )

    @admin.display(description=gettext_lazy("slipped, days"))
    def slip(self, subject: Release | Milestone) -> int | None:
        return subject.slip_days if subject.told else None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The code is in published addresses and files."""
        return ["code"] if was_published(obj) else []


class ReleaseAnnouncedInline(AnnouncedInline):
    model = ReleaseRevision
    fields = ["number", "said_on", "words", "means", "plot_count", "source_link", "reason", "entered"]


class ReleaseAnnounceFormSet(AnnounceFormSet):
    announce = staticmethod(announce)


class ReleaseAnnounceInline(AnnounceInline):
    model = ReleaseRevision
    form = ReleaseAnnouncementForm
    formset = ReleaseAnnounceFormSet
    fields_said = ["window_text", "plot_count", ("announced_on", "source"), "verbatim", "reason", "cancelled"]


class ReleasePlotInline(NamedCells):
    model = ReleasePlot
    form = NamingForm
    fields = ["plot", "named_on"]
    autocomplete_fields = ["plot"]
    extra = 0
    verbose_name_plural = gettext_lazy("Plots that are named")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("release", "plot__park")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return named_today(super().get_formset(request, obj, **kwargs), known=was_published(obj))


@admin.register(Release)
class ReleaseAdmin(AnnouncingAdmin):
    list_display = [
        "code",
        "park",
        "phase",
        "title_en",
        "when",
        "plots_said",
        "last_said",
        "slip",
        "published",
    ]
    autocomplete_fields = ["park", "phase"]
    inlines = [ReleaseAnnouncedInline, ReleaseAnnounceInline, ReleasePlotInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["code", "title_en", "park", "phase"],
                "description": gettext_lazy(
                    "Plots that come to market together. When is in the announcements below."
                ),
            },
        ),
        TITLES,
        (PROOF, {"fields": ["published"], "description": UNPUBLISHED}),
    ]

    @admin.display(description=gettext_lazy("plots"))
    def plots_said(self, release: Release) -> int | None:
        return release.current.plot_count if release.told else None


class MilestoneAnnouncedInline(AnnouncedInline):
    model = MilestoneRevision


class MilestoneAnnounceFormSet(AnnounceFormSet):
    announce = staticmethod(announce_milestone)


class MilestoneAnnounceInline(AnnounceInline):
    model = MilestoneRevision
    form = MilestoneAnnouncementForm
    formset = MilestoneAnnounceFormSet


@admin.register(Milestone)
class MilestoneAdmin(AnnouncingAdmin):
    list_display = ["code", "park", "phase", "kind", "title_en", "when", "last_said", "slip", "published"]
    list_filter = [WindowFilter, "kind", "park", "published", MissingName]
    autocomplete_fields = ["park", "phase"]
    inlines = [MilestoneAnnouncedInline, MilestoneAnnounceInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["code", "title_en", "kind", "park", "phase"],
                "description": gettext_lazy(
                    "An event of a park that is no release. When is in the announcements below."
                ),
            },
        ),
        TITLES,
        (PROOF, {"fields": ["published"], "description": UNPUBLISHED}),
    ]


class AnnouncementAdmin(ReadOnlyAdmin):
    """Every announcement of every subject, newest first."""

    list_display = ["subject", "number", "said_on", "window_text", "means", "source", "cancelled", "by"]
    list_filter = ["window_precision", "cancelled", "verbatim"]
    list_select_related = ["subject__park", "source", "by"]
    search_fields = ["subject__code", "subject__title_en", "window_text", "reason", "source__code"]
    date_hierarchy = "announced_on"
    ordering = ["-announced_on", "-number"]
    said_on = AnnouncedInline.said_on
    means = AnnouncedInline.means

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("subject__park", "source", "by")


admin.site.register(ReleaseRevision, AnnouncementAdmin)
admin.site.register(MilestoneRevision, AnnouncementAdmin)
