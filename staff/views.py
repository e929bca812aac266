"""The steps of a login: the password, then a code, the first time with an authenticator to set up; and the way out."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import admin, auth, messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal.addresses import client_address
from staff import events, factors, sessions
from staff.forms import CodeForm
from staff.models import Kind

ASK_AND_TAKE = ["GET", "HEAD", "POST"]
Step = Callable[[HttpRequest, Any], HttpResponse]


@sensitive_post_parameters("password")
@csrf_protect
@require_http_methods(ASK_AND_TAKE)
def login(request: HttpRequest) -> HttpResponse:
    """The first step. Its failures are counted by django-axes, which answers who is locked out."""
    if request.user.is_authenticated and request.user.is_staff:
        return redirect(wanted(request) if sessions.is_verified(request.session) else step("verify", request))
    form = AdminAuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user: Any = form.get_user()
        auth.login(request, user)
        sessions.begin(request.session, user, at=timezone.now())
        note(request, Kind.PASSWORD_ACCEPTED, by=user)
        return redirect(step("verify", request))
    return page(request, "staff/login.html", _("Log in"), form=form)


def second_step(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """Between the password and the code: before it is the login, after it what was wanted."""

    @sensitive_post_parameters("code")
    @csrf_protect
    @require_http_methods(ASK_AND_TAKE)
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not (user.is_authenticated and user.is_staff):
            return redirect(step("login", request))
        if sessions.is_verified(request.session):
            return redirect(wanted(request))
        return view(request, user)

    return guarded


@second_step
def verify(request: HttpRequest, user: Any) -> HttpResponse:
    """A code of the authenticator or one of the recovery codes."""
    if not factors.has_one(user):
        return redirect(step("enrol", request))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = factors.check(user, form.cleaned_data["code"])
        if device is not None:
            sessions.verify(request.session, device)
            note(request, Kind.LOGGED_IN, by=user, detail=device.name)
            return redirect(wanted(request))
        refuse(request, form, user)
    return page(request, "staff/verify.html", _("Second step"), form=form)


@second_step
def enrol(request: HttpRequest, user: Any) -> HttpResponse:
    """The first login: the key as picture and in letters, and the first code of it to confirm."""
    if factors.has_one(user):
        return redirect(step("verify", request))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        device = factors.enrol(user, form.cleaned_data["code"])
        if device is not None:
            codes = factors.new_recovery_codes(user)
            sessions.verify(request.session, device)
            note(request, Kind.FACTOR_ENROLLED, by=user)
            note(request, Kind.LOGGED_IN, by=user, detail=device.name)
            return page(request, "staff/recovery_codes.html", _("Recovery codes"), codes=codes)
        refuse(request, form, user)
    device = factors.offered_key(user)
    found = {"picture": factors.key_as_picture(device), "letters": factors.key_in_letters(device)}
    return page(request, "staff/enrol.html", _("Set up the second step"), form=form, **found)


def refuse(request: HttpRequest, form: CodeForm, user: Any) -> None:
    """Say why the code did not do, without saying which part of it."""
    note(request, Kind.CODE_FAILED, by=user)
    seconds = factors.wait(user, at=timezone.now())
    words = _("That code does not fit. A code is good once, and for half a minute.")
    if seconds > 1:
        again = ngettext("Try again in %(count)d second.", "Try again in %(count)d seconds.", seconds)
        words = f"{words} {again % {'count': seconds}}"
    form.add_error("code", words)


@csrf_protect
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        note(request, Kind.LOGGED_OUT, by=request.user)
    auth.logout(request)
    messages.success(request, _("You are logged out."))
    return redirect("admin:login")


# Shared ----------------------------------------------------------------------------------------------------------


def note(request: HttpRequest, kind: Kind, *, by: Any, detail: str = "") -> None:
    events.record(kind, at=timezone.now(), by=by, address=client_address(request), detail=detail)


def wanted(request: HttpRequest) -> str:
    """Where the visitor was going, if that is on this site; else the first page."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=here, require_https=request.is_secure())
    return asked if safe else reverse("admin:index")


def step(name: str, request: HttpRequest) -> str:
    """The address of a step that leads on to where the visitor was going."""
    query = QueryDict(mutable=True)
    query["next"] = wanted(request)
    return f"{reverse(f'admin:{name}')}?{query.urlencode(safe='/')}"


def page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    shared = {**admin.site.each_context(request), "title": title, "next": wanted(request)}
    return TemplateResponse(request, template, {**shared, "site_url": settings.SITE_URL, **context})
