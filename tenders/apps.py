"""Names the app to Django."""

from django.utils.translation import gettext_lazy as _

from parks import guards
from tenders.guards import tenders_guards


class TendersConfig(guards.GuardedConfig):
    name = "tenders"
    verbose_name = _("Tenders")

    def guards(self) -> list[guards.Guard]:
        return tenders_guards()
