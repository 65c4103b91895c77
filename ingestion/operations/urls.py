"""Addresses under /operations/."""

from django.urls import include, path

from ingestion.operations import (
    batches,
    decisions,
    exceptions,
    files,
    findings,
    overview,
    periods,
    reconciliation,
    sources,
)

app_name = "operations"
urlpatterns = [
    path("", include("ingestion.operations.ways_urls")),
    path("", overview.overview, name="overview"),
    path("sources/<str:name>/", sources.source, name="source"),
    path("batches/", batches.batches, name="batches"),
    path("batches/<int:batch_id>/", batches.batch, name="batch"),
    path("batches/<int:batch_id>/progress/", batches.progress, name="batch-progress"),
    path("batches/<int:batch_id>/run-again/", decisions.run_again, name="run-again"),
    path("batches/<int:batch_id>/rejects/", decisions.batch_rejects, name="batch-rejects"),
    path("files/<int:file_id>/", files.file, name="file"),
    path("files/<int:file_id>/lines/<int:line_no>/", files.line, name="line"),
    path("files/<int:file_id>/download/", files.download, name="file-download"),
    path("files/<int:file_id>/rejects/", decisions.rejects, name="file-rejects"),
    path("exceptions/", exceptions.exceptions, name="exceptions"),
    path("exceptions.csv", exceptions.exceptions_csv, name="exceptions-csv"),
    path("exceptions/try-again/", decisions.try_again, name="try-again"),
    path("exceptions/<int:exception_id>/", exceptions.exception, name="exception"),
    path("exceptions/<int:exception_id>/set-aside/", decisions.set_aside, name="set-aside"),
    path("exceptions/<int:exception_id>/take/", decisions.take_instead, name="take-instead"),
    path("exceptions/<int:exception_id>/take-over/", decisions.take_over, name="take-over"),
    path("crosswalk/", include("ingestion.operations.crosswalk_urls")),
    path("findings/", findings.findings, name="findings"),
    path("findings.csv", findings.findings_csv, name="findings-csv"),
    path("findings/<int:finding_id>/", findings.finding, name="finding"),
    path("findings/<int:finding_id>/step/", findings.step, name="finding-step"),
    path("periods/", periods.periods, name="periods"),
    path("periods/close/", periods.close, name="close-period"),
    path("periods/<int:close_id>/reopen/", periods.reopen, name="reopen-period"),
    path("reconciliation/", reconciliation.reconciliation, name="reconciliation"),
]
