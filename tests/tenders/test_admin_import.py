"""A file waits on the server between its try and its import: for one officer, for one import, for an hour."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.db.models import F

from tenders.admin import imports
from tenders.importing import proposals
from tenders.models import Proposal, Upload
from tests.factories import make_proposal, make_round
from tests.proposal_files import row, take
from tests.tables import csv_file, read_back

pytestmark = pytest.mark.django_db

PAGE = "/admin/tenders/proposal/import/"
LIST = "/admin/tenders/proposal/"
NOT_HERE = "The file is not here any more, it waits for an hour. Choose it again."


@pytest.fixture(autouse=True)
def round(db):
    return make_round("R-1", lots=2)


@pytest.fixture
def boss(client):
    user = User.objects.create_superuser("boss")
    client.force_login(user)
    return user


def try_it(client, *rows, name="proposals.csv"):
    content = csv_file(*(rows or [row(1)])).getvalue()
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def press(client, key):
    return client.post(PAGE, {"key": key}, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_what_is_imported_is_byte_for_byte_what_was_tried(client, boss, monkeypatch):
    read = []
    run = proposals.run
    monkeypatch.setattr(
        proposals, "run", lambda data, **how: read.append(data.getvalue()) or run(data, **how)
    )

    press(client, try_it(client).context["key"])

    assert read == [csv_file(row(1)).getvalue()] * 2
    assert Proposal.objects.count() == 1


def test_the_page_carries_the_key_and_not_the_file(client, boss):
    tried = try_it(client, *[row(number) for number in range(300)])
    assert len(tried.context["key"]) == 43
    assert (b"Company 17" in tried.content.split(b"<form")[2], len(tried.content) < 20_000) == (False, True)


def test_a_file_larger_than_a_form_may_be_goes_through(client, boss):
    tried = try_it(client, *[row(number, sector="x" * 200) for number in range(9_000)])
    done = press(client, tried.context["key"])

    assert said(done)[0].startswith("Imported proposals.csv: 9000 new, 0 changed, 0 unchanged.")
    assert Proposal.objects.count() == 9_000


def test_a_file_over_the_limit_is_refused_in_words(client, boss, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST", 100)
    monkeypatch.setattr(imports, "MEGABYTE", 50)
    answer = try_it(client)
    assert answer.context["form"].errors["file"] == [
        "The file is larger than 2 MB. Part it, or use the command import_proposals for it."
    ]
    assert not Upload.objects.exists()


def test_a_second_click_imports_nothing_and_says_what_the_first_did(client, boss):
    key = try_it(client).context["key"]
    press(client, key)
    again = press(client, key)

    [words] = said(again)
    assert words.startswith("For your second click: proposals.csv was imported already, at ")
    assert words.endswith(": 1 new, 0 changed, 0 unchanged. Nothing was done twice.")
    assert (again.request["PATH_INFO"], Proposal.objects.count(), Proposal.history.count()) == (LIST, 1, 1)


def test_rows_without_a_reference_are_not_doubled_by_a_second_click(client, boss):
    key = try_it(client, row(1, proposal=""), row(2, proposal="")).context["key"]
    press(client, key)
    press(client, key)
    assert Proposal.objects.count() == 2


def test_a_click_while_the_first_is_at_work_is_answered_at_once(client, boss):
    key = try_it(client).context["key"]
    Upload.objects.update(begun_at=F("tried_at"))

    [words] = said(press(client, key))

    assert words.startswith("The import of proposals.csv began at ")
    assert words.endswith("Look at the list in a minute. If it does not come, choose the file again.")
    assert not Proposal.objects.exists()


def test_somebody_elses_file_is_refused(client, boss):
    key = try_it(client).context["key"]
    client.force_login(User.objects.create_superuser("other"))

    assert said(press(client, key)) == ["The file was tried by somebody else. Choose it yourself."]
    assert (Proposal.objects.count(), Upload.objects.get().begun_at) == (0, None)


def test_a_file_that_waited_an_hour_is_refused(client, boss):
    key = try_it(client).context["key"]
    Upload.objects.update(tried_at=F("tried_at") - timedelta(hours=1))
    assert (said(press(client, key)), Proposal.objects.count()) == ([NOT_HERE], 0)


@pytest.mark.parametrize("key", ["", "forged", "\0", "x" * 43, "鍵" * 43, "x" * 100_000])
def test_a_key_that_names_no_file_is_refused(client, boss, key):
    assert said(press(client, key)) == [NOT_HERE]


def test_files_are_let_go_after_an_hour_and_when_imported(client, boss):
    key = try_it(client).context["key"]
    press(client, key)
    imported = bytes(Upload.objects.get().content)
    Upload.objects.update(tried_at=F("tried_at") - timedelta(hours=1))

    try_it(client, name="next.csv")

    assert (imported, list(Upload.objects.values_list("name", flat=True))) == (b"", ["next.csv"])


def test_an_officer_has_five_files_waiting_at_most(client, boss):
    for number in range(7):
        try_it(client, name=f"{number}.csv")
    assert set(Upload.objects.values_list("name", flat=True)) == {f"{number}.csv" for number in range(2, 7)}


def test_a_refused_file_does_not_wait(client, boss):
    try_it(client, row(1, lots="9"))
    assert not Upload.objects.exists()


def test_a_file_that_the_data_now_stands_against_is_refused_and_let_go(client, boss, round):
    key = try_it(client).context["key"]
    make_proposal(make_round("R-2"), reference="P-0001")

    answer = press(client, key)

    assert (
        answer.context["refused"][0]
        == "When it was tried the file could be taken. The data has changed since."
    )
    assert answer.context["refused"][1].startswith("line 2, proposal: P-0001: belongs to round R-2")
    assert (Proposal.objects.count(), Upload.objects.count()) == (1, 0)


def test_an_import_that_does_other_than_the_try_said_says_what_it_did(client, boss, at):
    key = try_it(client, row(1), row(2)).context["key"]
    take(csv_file(row(1, sector="AI")), at)

    answer = press(client, key)

    assert answer.context["done"] == [
        "1 new, 1 changed, 0 unchanged.",
        "1 organisation is new: Company 2",
        "P-0001: sector AI -> I&T",
    ]
    assert "The data changed between the try and the import" in answer.content.decode()


def test_a_database_that_gives_up_is_said_in_words_and_the_file_can_be_pressed_again(
    client, boss, monkeypatch
):
    def give_up(*_args, **_how):
        raise OperationalError("database is locked")

    key = try_it(client).context["key"]
    with monkeypatch.context() as patch:
        patch.setattr(proposals, "run", give_up)
        busy = press(client, key)
    done = press(client, key)

    assert said(busy) == ["Nothing was written: the database is busy. Try again in a minute."]
    assert said(done) == ["Imported proposals.csv: 1 new, 0 changed, 0 unchanged."]


def test_the_name_of_a_file_is_shown_and_not_obeyed(client, boss):
    tried = try_it(client, name="<script>alert(1)</script>.csv")
    assert (b"<script>alert" in tried.content, Upload.objects.get().name) == (False, "script>.csv")


def test_a_refusal_of_many_lines_shows_a_hundred_and_how_many_there_are(client, boss):
    refused = try_it(client, *[row(number, jobs="many") for number in range(250)]).context["refused"]
    assert (len(refused), refused[100:]) == (
        102, ["… and 150 more: 250 problems in 250 lines.", "Nothing was written: there are 250 problems."],
    )  # fmt: skip


def test_an_export_after_an_import_of_formulas_is_defused_and_changes_nothing(client, boss):
    names = [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        '=HYPERLINK("http://evil.example","x")',
        "＝1+1",
    ]
    key = try_it(client, *[row(number, proponent=name) for number, name in enumerate(names)]).context["key"]
    press(client, key)

    exported = b"".join(client.get("/admin/tenders/proposal/export.csv?round=R-1").streaming_content)
    again = client.post(PAGE, {"file": SimpleUploadedFile("again.csv", exported)})

    cells = [line["proponent"] for line in read_back([exported])]
    assert sorted(cells) == sorted(f"'{name}" for name in names)
    assert again.context["report"] == ["0 new, 0 changed, 6 unchanged."]
