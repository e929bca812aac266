"""`manage.py reset_second_factor USERNAME`: for the machine's keeper, when nobody can log in to do it."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from staff import events, factors
from staff.models import Kind


class Command(BaseCommand):
    help = "Takes an account's second factor away; it sets up a new one at its next login."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *_arguments: Any, username: str, **_options: Any) -> None:
        user: Any = get_user_model()._default_manager.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        factors.reset(user)
        events.record(Kind.FACTOR_RESET, at=timezone.now(), detail=f"{username}: by command")
        self.stdout.write(f"{username} sets up a new second factor at the next login.")
