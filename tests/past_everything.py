"""Writing past every form and verb: what the tests of the guards share."""

import pytest
from django.db import IntegrityError, transaction


def refused(act, words):
    """The act is refused by the database, in these words."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def stored(model):
    return list(model.objects.order_by("pk").values())


def set_to(row, **values):
    """As no form and no verb would do it."""
    return lambda: type(row)._base_manager.filter(pk=row.pk).update(**values)
