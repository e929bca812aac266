"""What every part of the sample needs at hand: days, dice, officers, and one way to make a row."""

import random
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import models

from parks.chinese import simplified
from parks.models import Organisation, Source
from parks.windows import speak_day
from tenders.seeding.days import Days
from tenders.seeding.tally import Tally

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ADDRESS = "https://example.org/sample"


def texts(name: str, english: str, chinese: str) -> dict[str, str]:
    """A text in three languages, as fields of a model."""
    return {f"{name}_en": english, f"{name}_zh_hant": chinese, f"{name}_zh_hans": simplified(chinese)}


class Maker:
    """Makes the rows of the sample around the instant `at`: the same ones for the same day."""

    def __init__(self, at: datetime) -> None:
        self.days = Days(at)
        self.dice = random.Random(27)  # noqa: S311 - nothing here is secret, and it has to come out the same again
        self.tally = Tally()
        self.first_officer, self.second_officer = _officer(1), _officer(2)
        self._references = 0

    def make(self, row: Any) -> Any:
        """Check the row as a form would, and save it."""
        row.full_clean()
        row.save()
        self.tally.made(row)
        return row

    def made(self, *rows: models.Model) -> None:
        """Count rows that a verb has made."""
        for row in rows:
            self.tally.made(row)

    def gazette(self, day: date) -> Source:
        """The sample gazette's notice of that day."""
        return self._source("gazette", "Sample Gazette", "樣本公報", day)

    def courier(self, day: date) -> Source:
        """The sample newspaper of that day. It does not always agree with the gazette."""
        return self._source("courier", "Sample Courier", "樣本信報", day)

    def _source(self, code: str, publisher: str, publisher_zh_hant: str, day: date) -> Source:
        there = Source.objects.filter(code=f"sample-{code}-{day}").first()
        english, chinese = speak_day(day, "day", "en"), speak_day(day, "day", "zh-hant")
        return there or self.make(
            Source(
                code=f"sample-{code}-{day}",
                **texts("publisher", publisher, publisher_zh_hant),
                **texts("title", f"Sample notice of {english}", f"樣本公告（{chinese}）"),
                url=f"{ADDRESS}/{code}/{day}",
                published=day,
                language="en",
            )
        )

    def organisation(self, english: str, chinese: str) -> Organisation:
        there = Organisation.objects.filter(name_en=english).first()
        return there or self.make(Organisation(**texts("name", english, chinese)))

    def reference(self) -> str:
        self._references += 1
        return f"SAMPLE-{self._references:04}"


def _officer(number: int) -> "User":
    """Somebody to have taken the sample's decisions, who can never log in."""
    users, name = get_user_model().objects, f"sample-officer-{number}"
    there = users.filter(username=name).first()
    user = there or users.create_user(name, first_name="Sample", last_name=f"Officer {number}")
    user.user_permissions.add(*Permission.objects.filter(codename__in=["open_box", "admit_late"]))
    return user
