"""The table of audit events; what makes it append-only and chained follows in 0002 and 0003."""

import django.core.serializers.json
from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now(), db_index=True)),
                (
                    "actor_id",
                    models.IntegerField(help_text="From the signed identity.", null=True),
                ),
                ("actor", models.TextField(db_default=models.Value(""))),
                (
                    "recorded_by",
                    models.TextField(db_default=models.Value(""), help_text="The database login."),
                ),
                ("action", models.TextField(db_index=True)),
                ("object", models.TextField()),
                ("portfolio_id", models.IntegerField(db_index=True, null=True)),
                ("version_number", models.IntegerField(null=True)),
                (
                    "detail",
                    models.JSONField(
                        db_default=models.Value({}, output_field=models.JSONField()),
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                    ),
                ),
                (
                    "previous_hash",
                    models.BinaryField(db_default=models.Value(b""), unique=True),
                ),
                ("hash", models.BinaryField(db_default=models.Value(b""))),
            ],
            options={"verbose_name": "audit event", "db_table": "audit_event"},
        ),
    ]
