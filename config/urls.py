"""All addresses: the portal at the root and under each language, the staff's admin beside it."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from portal import outages, refusals
from portal import urls as portal
from portal.views import preview
from portal.views.reconcile import reconcile_page
from tenders.admin.index import index

handler400 = refusals.unreadable
handler500 = outages.server_error

admin.site.enable_nav_sidebar = False  # the first page has the list, the masthead leads there

urlpatterns = [
    *portal.machine,
    *i18n_patterns(
        path("admin/", admin.site.admin_view(index)),
        path("admin/reconcile/", admin.site.admin_view(reconcile_page), name="reconcile"),
        path(
            "admin/tenders/tenderround/<int:pk>/preview/",
            admin.site.admin_view(preview.round_preview),
            name="round-preview",
        ),
        path("admin/", admin.site.urls),
        path("", include(portal)),
        prefix_default_language=False,
    ),
]
