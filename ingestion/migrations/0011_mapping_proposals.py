"""Mappings that people propose and decide, and the keys that wait for one."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

RELEASE = """
    DROP TRIGGER stamp_mapping ON mapping_proposal;
    REVOKE USAGE ON SEQUENCE mapping_proposal_id_seq FROM helio_web;
    CALL security.release(
        'mapping_proposal', 'mapping_effect', 'mapping_effect_value', 'unmapped_key')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0010_findings_security"),
        ("portfolios", "0013_mapped_share"),
    ]

    operations = [
        migrations.AddField(
            model_name="identifier",
            name="closed_by_id",
            field=models.IntegerField(help_text="The mapping that ended it.", null=True),
        ),
        migrations.AddField(
            model_name="identifier",
            name="proposal_id",
            field=models.IntegerField(help_text="The mapping that wrote this row.", null=True),
        ),
        migrations.AddField(
            model_name="portfoliokey",
            name="closed_by_id",
            field=models.IntegerField(help_text="The mapping that ended it.", null=True),
        ),
        migrations.AddField(
            model_name="portfoliokey",
            name="proposal_id",
            field=models.IntegerField(help_text="The mapping that wrote this row.", null=True),
        ),
        migrations.CreateModel(
            name="MappingProposal",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identifier", "Code of a listing"),
                            ("portfolio_key", "Book or account"),
                            ("issuer", "Issuer of an instrument"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("map", "Map"), ("end", "End"), ("undo", "Undo")], max_length=4
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        blank=True, help_text="Scheme, or system of a key.", max_length=40
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=60)),
                ("scope", models.CharField(blank=True, max_length=10)),
                ("portfolio_code", models.CharField(blank=True, max_length=40)),
                (
                    "mapping_id",
                    models.IntegerField(help_text="The crosswalk row that is to end.", null=True),
                ),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(help_text="Last day of use.", null=True)),
                ("reason", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("proposed_by_id", models.IntegerField()),
                ("proposed_by", models.CharField(blank=True, max_length=150)),
                (
                    "proposed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("approved", "Approved, about to take effect"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("applied", "In effect"),
                            ("undone", "Undone"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("decided_by_id", models.IntegerField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("applied_at", models.DateTimeField(null=True)),
                (
                    "problem",
                    models.TextField(
                        blank=True, db_default="", help_text="Why it could not be applied."
                    ),
                ),
                ("issuer_before", models.JSONField(null=True)),
                ("previewed_at", models.DateTimeField(null=True)),
                ("preview_sentence", models.TextField(blank=True, db_default="")),
                (
                    "applied_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ingestion.batch",
                    ),
                ),
                (
                    "instrument",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.instrument",
                    ),
                ),
                (
                    "issuer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.issuer",
                    ),
                ),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="portfolios.listing",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_by",
                        to="ingestion.mappingproposal",
                    ),
                ),
            ],
            options={
                "db_table": "mapping_proposal",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="MappingEffectValue",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("portfolio_id", models.IntegerField()),
                ("valued_on", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("value_before", models.DecimalField(decimal_places=10, max_digits=30, null=True)),
                ("value_after", models.DecimalField(decimal_places=10, max_digits=30, null=True)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="values",
                        to="ingestion.mappingproposal",
                    ),
                ),
            ],
            options={
                "db_table": "mapping_effect_value",
            },
        ),
        migrations.CreateModel(
            name="MappingEffect",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "portfolio_code",
                    models.CharField(help_text="Empty: prices, for all holders.", max_length=40),
                ),
                ("subject", models.CharField(help_text="Portfolio or listing.", max_length=60)),
                ("from_on", models.DateField()),
                ("records", models.IntegerField(help_text="Held records that would take effect.")),
                ("withdrawn", models.IntegerField(help_text="Facts that would lose effect.")),
                ("units", models.TextField(blank=True, help_text="Units by listing.")),
                ("cash", models.TextField(blank=True, help_text="Cash by currency.")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="effects",
                        to="ingestion.mappingproposal",
                    ),
                ),
            ],
            options={
                "db_table": "mapping_effect",
                "ordering": ["subject"],
            },
        ),
        migrations.CreateModel(
            name="UnmappedKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identifier", "Code of a listing"),
                            ("portfolio_key", "Book or account"),
                            ("issuer", "Issuer of an instrument"),
                        ],
                        max_length=14,
                    ),
                ),
                ("scheme", models.CharField(max_length=40)),
                ("value", models.CharField(max_length=60)),
                ("scope", models.CharField(blank=True, max_length=10)),
                ("code", models.CharField(help_text="Why the records are held.", max_length=40)),
                ("sentence", models.TextField()),
                ("records", models.IntegerField()),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("waiting_since", models.DateTimeField()),
                (
                    "value_at_stake",
                    models.DecimalField(decimal_places=10, max_digits=30, null=True),
                ),
                ("value_reason", models.TextField(blank=True, help_text="Why there is no value.")),
                ("currency", models.CharField(max_length=3)),
                (
                    "items",
                    models.JSONField(
                        default=list, help_text="Exception items, the newest hundred."
                    ),
                ),
                ("candidates", models.JSONField(default=list)),
                (
                    "counted_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "unmapped_key",
                "ordering": [
                    models.OrderBy(models.F("value_at_stake"), descending=True, nulls_last=True),
                    "scheme",
                    "value",
                    "scope",
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "scheme", "value", "scope"), name="one_row_an_unmapped_key"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="mappingproposal",
            index=models.Index(fields=["state"], name="mapping_proposal_by_state"),
        ),
        migrations.AddIndex(
            model_name="mappingproposal",
            index=models.Index(fields=["scheme", "value"], name="mapping_proposal_by_code"),
        ),
        migrations.AddConstraint(
            model_name="mappingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by_id__isnull", True),
                    ("state", "withdrawn"),
                    models.Q(("decided_by_id", models.F("proposed_by_id")), _negated=True),
                    _connector="OR",
                ),
                name="mapping_takes_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="mappingproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "proposed"), ("decided_by_id__isnull", False), _connector="OR"
                ),
                name="mapping_is_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="mappingproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "approved", "applied"])),
                fields=("undoes",),
                name="one_undo_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="mappingeffectvalue",
            index=models.Index(fields=["portfolio_id"], name="effect_value_by_portfolio"),
        ),
        run_sql_file(
            "ingestion/crosswalk/sql/020_mappable.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.mappable();"
            " DROP FUNCTION security.stamp_mapping() CASCADE",
        ),
        run_sql_file("ingestion/crosswalk/sql/030_secure_proposals.sql", reverse=RELEASE),
    ]
