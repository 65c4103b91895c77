"""Benchmark of ingestion: files to facts against a bare COPY and merge of the same rows."""
