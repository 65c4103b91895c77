"""The audit trail's page, for auditors; the trail itself is helio/audit."""
