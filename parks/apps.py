"""Names the app to Django."""

from django.utils.translation import gettext_lazy as _

from parks import guards

# What was announced is never changed; what is public is hidden before it can go.
REVISIONS = ("parks_releaserevision", "parks_milestonerevision")
PUBLISHED = ("parks_park", "parks_phase", "parks_plot", "parks_release", "parks_milestone")


class ParksConfig(guards.GuardedConfig):
    name = "parks"
    verbose_name = _("Land")

    def guards(self) -> list[guards.Guard]:
        words = "What is published is kept."
        return [
            *guards.history_guards(self.label),
            *[guard for table in REVISIONS for guard in guards.kept_for_ever(table)],
            guards.Guard(
                "release_keeps_the_past_day_on_which_it_named_a_plot",
                "parks_releaseplot",
                guards.UPDATE,
                "The day on which a plot was named stands.",
                f"OLD.named_on < CURRENT_DATE AND ({guards.changed('named_on')})",
            ),
            *[guards.never_deleted(table, words, when="OLD.published") for table in PUBLISHED],
        ]
