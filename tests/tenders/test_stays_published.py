"""What was published beside a round is neither deleted nor first hidden and then deleted."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tenders.models import Document, Enquiry
from tests.factories import hk, make_round

pytestmark = pytest.mark.django_db


def published(model):
    if model is Document:
        said = {"title_en": "Plan", "url": "https://example.org/plan", "language": "en"}
    else:
        said = {"number": 1, "asked_on": date(2026, 3, 2), "question": "?", "answer": "!"}
    return model.objects.create(round=make_round(), published_at=hk(2026, 3, 3), **said)


@pytest.mark.parametrize("model", [Document, Enquiry])
def test_what_was_published_beside_a_round_stays_published(model):
    row = published(model)

    with pytest.raises(IntegrityError, match="What was published is kept"), transaction.atomic():
        model.objects.filter(pk=row.pk).update(published_at=None)

    assert model.objects.values_list("published_at", flat=True).get() == hk(2026, 3, 3)


def test_form_that_empties_the_day_of_publication_is_refused_in_words(admin_client):
    row = published(Document)
    address = f"/admin/tenders/document/{row.pk}/change/"

    answer = admin_client.post(
        address, {"round": row.round_id, "title_en": "Plan", "url": row.url, "language": "en"}, follow=True
    )

    assert "What was published is kept" in answer.content.decode()
    assert Document.objects.get().published_at == hk(2026, 3, 3)
