"""Names the app to Django."""

from django.utils.translation import gettext_lazy as _

from parks import guards


class ParksConfig(guards.GuardedConfig):
    name = "parks"
    verbose_name = _("Land")

    def guards(self) -> list[guards.Guard]:
        return guards.history_guards(self.label)
