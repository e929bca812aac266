"""Makes up the sample park, so that the product shows rounds in every stage before anything real is recorded.

Every row says “Sample” in its own name, and none hangs on a real park. The rounds:
SAMPLE-EOI-1    evaluating: 27 proposals for ten plots in two packages
SAMPLE-T-1      open, sealed, its closing time moved once
SAMPLE-T-2      closed, its opening waits for the second officer
SAMPLE-T-3      awarded; one proposal was late, one withdrawn
SAMPLE-T-4      unsuccessful, and offered again in SAMPLE-T-6, which is upcoming
SAMPLE-T-5      cancelled
SAMPLE-PQ-1     upcoming
SAMPLE-DRAFT-1  draft
"""

from datetime import datetime

from django.db import transaction

from parks.models import SAMPLE_PARK, Park
from tenders.models import RoundEvent
from tenders.seeding.land import make_land
from tenders.seeding.maker import Maker
from tenders.seeding.programme import make_figures, make_milestones, make_releases
from tenders.seeding.rounds import make_rounds


@transaction.atomic
def make_sample(at: datetime) -> list[str]:
    """Make the park with its days around `at`, or nothing if it is there. Returns what to say, by line."""
    if Park.objects.filter(slug=SAMPLE_PARK).exists():
        return ["The sample park is there already: nothing made."]
    maker = Maker(at)
    land = make_land(maker)
    releases = make_releases(maker, land)
    make_milestones(maker, land)
    packages = make_rounds(maker, land, releases)
    make_figures(maker, land, packages)
    maker.made(*RoundEvent.objects.filter(round__park=land.park))
    return ["The sample park:", *maker.tally.lines()]
