"""Why a grant's end was moved, whose absence it covers, and reviews of grants."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolios", "0023_facts_refer_at_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="portfoliogroupgrant",
            name="end_reason",
            field=models.CharField(
                blank=True,
                db_default=models.Value(""),
                default="",
                help_text="Why its end was moved; the reason of giving it stays as it was.",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="portfoliousergrant",
            name="covers",
            field=models.ForeignKey(
                blank=True,
                help_text="Whose absence this grant covers.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="portfoliousergrant",
            name="end_reason",
            field=models.CharField(
                blank=True,
                db_default=models.Value(""),
                default="",
                help_text="Why its end was moved; the reason of giving it stays as it was.",
                max_length=200,
            ),
        ),
        migrations.CreateModel(
            name="GrantReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("confirmed", "still needed"), ("ended", "ended")], max_length=10
                    ),
                ),
                (
                    "reviewed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "group_grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="portfolios.portfoliogroupgrant",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user_grant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="portfolios.portfoliousergrant",
                    ),
                ),
            ],
            options={
                "verbose_name": "access review",
                "db_table": "grant_review",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("user_grant__isnull", True),
                            ("group_grant__isnull", True),
                            _connector="XOR",
                        ),
                        name="review_of_one_grant",
                    )
                ],
            },
        ),
    ]
