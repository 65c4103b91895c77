"""The six roles exist from the first migration on."""

from django.db import migrations

from helio.accounts.roles import ROLES


def make_roles(apps, schema_editor):
    """Create the groups that are the roles; existing ones stay."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_security")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
