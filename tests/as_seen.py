"""Forms of the admin as a browser sends them: with the hidden fields of the page that was just looked at.

A test that posts a form by hand says only what a person types. To send one as a script would, without them,
a test gives the hidden field an empty value.
"""

from django.contrib import admin
from django.contrib.auth import get_user
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from parks.admin.editing import CarefulEdits
from parks.admin.submissions import ONCE, new_token
from parks.admin.versions import SEEN, version_of


def hidden_fields(client, path):
    """What the page at `path` carries for this client, by name."""
    found = page_of(path)
    if found is None:
        return {}
    modeladmin, what, pk = found
    request = RequestFactory().get(path)
    request.user = logged_in(client)
    if what == "changelist":
        return {SEEN: modeladmin.list_seen()}
    if what in {"add", "import"}:
        return {ONCE: new_token(request.user)}
    row = modeladmin.model._default_manager.filter(pk=pk).first()
    return {SEEN: version_of(modeladmin, request, row).sealed(), ONCE: new_token(request.user)} if row else {}


def page_of(path):
    """The admin, the kind of page and the key; None for pages without these fields."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    if "admin" not in match.namespaces:
        return None
    for model, modeladmin in admin.site._registry.items():
        start = f"{model._meta.app_label}_{model._meta.model_name}_"
        name = match.url_name or ""
        if name.startswith(start) and isinstance(modeladmin, CarefulEdits):
            return modeladmin, name.removeprefix(start), match.kwargs.get("object_id", match.kwargs.get("pk"))
    return None


def logged_in(client):
    request = RequestFactory().get("/")
    request.session = client.session
    return get_user(request)
