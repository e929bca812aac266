from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("tenders", "0001_initial")]

    operations = [
        migrations.AlterModelOptions(
            name="lot",
            options={
                "ordering": ["round", "code"],
                "permissions": [("see_reserve", "Can see the secret reserve of a lot")],
                "verbose_name": "lot",
                "verbose_name_plural": "lots",
            },
        ),
        migrations.AlterModelOptions(
            name="proposal",
            options={
                "ordering": ["-received_at", "reference"],
                "permissions": [
                    ("export_proposal", "Can export proposals"),
                    ("see_receipts", "Can see what came into a box that is still shut"),
                    ("admit_late", "Can admit a proposal that came late"),
                ],
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
            },
        ),
    ]
