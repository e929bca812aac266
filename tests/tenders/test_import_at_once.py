"""Several clicks on one tried file, at the same moment and in several workers, import it once."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tenders.importing import proposals, uploads
from tenders.models import Proposal, Upload
from tests.factories import make_round, make_user
from tests.proposal_files import row
from tests.tables import csv_file

pytestmark = pytest.mark.django_db(transaction=True)
CLICKS = 4


def test_clicks_at_the_same_moment_import_once(at):
    make_round("R-1", lots=2)
    officer, content = make_user(), csv_file(*[row(n, proposal="") for n in range(50)]).getvalue()
    found = proposals.run(io.BytesIO(content), by=officer, at=at, dry_run=True)
    key = uploads.keep(by=officer, at=at, name="p.csv", content=content, found=found).key
    together = Barrier(CLICKS)

    def click(_number):
        together.wait()
        try:
            return str(uploads.import_kept(key=key, by=officer, at=at)[1])
        except uploads.UploadRefused as refused:
            return type(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as pool:
        answers = list(pool.map(click, range(CLICKS)))

    done = "50 new, 0 changed, 0 unchanged."
    assert (answers.count(done), len([answer for answer in answers if answer != done])) == (1, CLICKS - 1)
    assert {answer for answer in answers if answer != done} <= {
        uploads.UploadRefused,
        uploads.ImportedAlready,
    }
    assert (Proposal.objects.count(), Upload.objects.get().result) == (50, done)
