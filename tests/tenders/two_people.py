"""Two people of staff with a browser each, for tests of what they do to each other."""

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse


def staff(name):
    client = Client()
    client.force_login(User.objects.create_superuser(name, first_name=name.title()))
    return client


def page(row, name="change"):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])


def words(answer):
    return " ".join(answer.content.decode().split())
