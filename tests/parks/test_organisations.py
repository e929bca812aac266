import pytest

from parks.models import Organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db

ADD = "/admin/parks/organisation/add/"
BLANK = dict.fromkeys(
    ["name_en", "name_zh_hant", "name_zh_hans", "scheme", "identifier", "website"],
    "",
)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "An organisation has a name in at least one language."),
        ({"name_en": "Known"}, "There is an organisation of that name already."),
        ({"name_zh_hant": "Known"}, "There is an organisation of that name already."),
    ],
)
def test_organisation_without_a_name_of_its_own_is_refused_in_words(admin_client, typed, words):
    make_organisation("Known")

    answer = admin_client.post(ADD, {**BLANK, **typed})

    assert (answer.status_code, list(answer.context["errors"])) == (200, [[words]])
    assert Organisation.objects.count() == 1


def test_organisation_is_saved_again_under_its_name(admin_client):
    known = make_organisation("Known")

    admin_client.post(
        f"/admin/parks/organisation/{known.pk}/change/",
        {**BLANK, "name_en": "Known", "website": "https://known.example"},
    )

    assert list(Organisation.objects.values_list("name_en", "website")) == [
        ("Known", "https://known.example")
    ]
