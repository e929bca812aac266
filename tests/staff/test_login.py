import base64

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from staff import factors
from staff.models import SecurityEvent

pytestmark = pytest.mark.django_db

PASSWORD = "a-password-for-this-test-only"
LOGIN, CODE, SET_UP, LOGOUT = "/admin/login/", "/admin/login/code/", "/admin/login/set-up/", "/admin/logout/"
WANTED = "/admin/tenders/tenderround/"


@pytest.fixture
def clerk():
    return User.objects.create_superuser("clerk", password=PASSWORD)


@pytest.fixture
def enrolled(clerk):
    """A clerk whose authenticator counts already."""
    TOTPDevice.objects.create(user=clerk, name="authenticator", confirmed=True)
    return clerk


def give_password(client, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": "clerk", "password": password, **more})


def code_of(user, steps=0):
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=-30 * steps):06}"


def kinds():
    return list(SecurityEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_first_login_sets_an_authenticator_up_and_shows_recovery_codes_once(client, clerk):
    first = give_password(client, next=WANTED)
    second = client.get(first["Location"])
    page = client.get(second["Location"])
    key = base64.b32decode(page.context["letters"].replace(" ", ""))

    done = client.post(second["Location"], {"code": f"{totp(key):06}", "next": WANTED})

    assert (first["Location"], second["Location"]) == (f"{CODE}?next={WANTED}", f"{SET_UP}?next={WANTED}")
    codes = {code.replace(" ", "") for code in done.context["codes"]}
    assert codes == set(StaticToken.objects.values_list("token", flat=True))
    assert len(codes) == 8
    assert (done.context["next"], client.get(WANTED).status_code) == (WANTED, 200)
    assert client.get(SET_UP)["Location"] == "/admin/"
    assert kinds() == ["password_accepted", "factor_enrolled", "logged_in"]


def test_picture_of_the_key_holds_to_the_policy(client, clerk):
    give_password(client)
    page = client.get(SET_UP)
    picture = page.context["picture"]
    assert (picture in page.content.decode(), picture[:5]) == (True, "<svg ")
    assert [word for word in ("style", "script", "href", "url(") if word in picture] == []


def test_field_for_the_code_says_what_it_is_to_browser_and_phone(client, enrolled):
    give_password(client)
    field = client.get(CODE).context["form"]["code"]
    assert field.label == "Code"
    assert {name: field.field.widget.attrs[name] for name in ("autocomplete", "inputmode")} == {
        "autocomplete": "one-time-code",
        "inputmode": "numeric",
    }


@pytest.mark.parametrize("language", ["", "/zh-hant", "/zh-hans"])
def test_password_alone_opens_no_page(client, enrolled, language):
    give_password(client)
    for path in ("/admin/", WANTED, "/admin/tenders/proposal/export.csv", "/admin/nothing-here/"):
        answer = client.get(language + path)
        assert (answer.status_code, answer["Location"]) == (302, f"{language}{LOGIN}?next={language}{path}")


def test_code_of_the_authenticator_opens_what_was_wanted(client, enrolled):
    give_password(client, next=WANTED)
    answer = client.post(CODE, {"code": code_of(enrolled), "next": WANTED})
    assert (answer["Location"], client.get(WANTED).status_code) == (WANTED, 200)


def test_code_is_good_once(client, enrolled):
    code = code_of(enrolled)
    give_password(client)
    client.post(CODE, {"code": code})
    client.post(LOGOUT)
    give_password(client)

    again = client.post(CODE, {"code": code})

    assert list(again.context["form"].errors["code"]) == [
        "That code does not fit. A code is good once, and for half a minute."
    ]
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("typed", ["{}", "{} ", "{}-"])
def test_recovery_code_is_good_once_however_it_is_typed(client, enrolled, typed):
    code = factors.new_recovery_codes(enrolled)[0]
    give_password(client)
    once = client.post(CODE, {"code": typed.format(code.upper())})
    client.post(LOGOUT)
    give_password(client)

    twice = client.post(CODE, {"code": code})

    assert (once.status_code, twice.status_code) == (302, 200)
    assert StaticToken.objects.count() == 7


def test_wrong_codes_slow_down_even_the_right_one(client, enrolled):
    give_password(client)
    for wrong in ("000000", "111111", "222222"):
        client.post(CODE, {"code": wrong})

    right = client.post(CODE, {"code": code_of(enrolled)})

    assert right.status_code == 200
    assert TOTPDevice.objects.get().throttling_failure_count == 1
    assert kinds()[1:] == ["code_failed"] * 4


def test_code_of_somebody_else_is_refused(client, enrolled):
    other = User.objects.create_superuser("other", password=PASSWORD)
    TOTPDevice.objects.create(user=other, name="authenticator", confirmed=True)
    theirs = factors.new_recovery_codes(other)[0]
    give_password(client)
    answers = [client.post(CODE, {"code": code}).status_code for code in (code_of(other), theirs)]
    assert (answers, client.get("/admin/").status_code) == ([200, 200], 302)


def test_set_up_is_no_way_round_the_code(client, enrolled):
    give_password(client)
    offered = TOTPDevice.objects.create(user=enrolled, name="mine", confirmed=False)
    answers = [client.get(SET_UP), client.post(SET_UP, {"code": f"{totp(offered.bin_key):06}"})]
    assert [answer["Location"] for answer in answers] == [f"{CODE}?next=/admin/"] * 2
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("step", [CODE, SET_UP])
def test_second_step_comes_after_the_first(client, step):
    answers = [client.get(step), client.post(step, {"code": "123456"})]
    assert [answer["Location"] for answer in answers] == [f"{LOGIN}?next=/admin/"] * 2


def test_account_that_is_not_of_staff_does_not_get_in(client):
    User.objects.create_user("clerk", password=PASSWORD)
    answer = give_password(client)
    assert (answer.status_code, client.session.keys()) == (200, set())


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_login_leads_nowhere_else(client, enrolled, elsewhere):
    first = give_password(client, next=elsewhere)
    last = client.post(CODE, {"code": code_of(enrolled), "next": elsewhere})
    assert (first["Location"], last["Location"]) == (f"{CODE}?next=/admin/", "/admin/")


def test_session_gets_another_key_at_each_step(client, enrolled):
    client.get(LOGIN)
    give_password(client)
    after_password = client.session.session_key
    client.post(CODE, {"code": code_of(enrolled)})
    assert client.session.session_key != after_password


def test_logging_out_works_at_every_step_and_only_by_post(client, enrolled):
    give_password(client)
    assert client.get(LOGOUT).status_code == 405
    answer = client.post(LOGOUT)
    assert (answer["Location"], "_auth_user_id" in client.session) == (LOGIN, False)
    assert kinds() == ["password_accepted", "logged_out"]


def test_forms_of_every_step_are_refused_without_a_token(enrolled):
    client = Client(enforce_csrf_checks=True)
    assert [client.post(step, {}).status_code for step in (LOGIN, CODE, SET_UP, LOGOUT)] == [403] * 4


def test_neither_password_nor_code_is_in_any_log(client, enrolled, caplog):
    caplog.set_level("DEBUG")
    secrets = [PASSWORD, "wrong-password", code_of(enrolled), "654321", *factors.new_recovery_codes(enrolled)]
    give_password(client, "wrong-password")
    give_password(client)
    client.post(CODE, {"code": "654321"})
    client.post(CODE, {"code": secrets[-1]})
    rows = "".join(map(str, SecurityEvent.objects.values_list()))
    assert [secret for secret in secrets if secret in caplog.text + rows] == []


def test_key_offered_stays_the_same_until_a_code_of_it_is_shown(clerk):
    assert factors.offered_key(clerk) == factors.offered_key(clerk)
    assert TOTPDevice.objects.count() == 1


def test_account_without_codes_waits_for_nothing(clerk, at):
    assert factors.wait(clerk, at=at) == 0
