"""The register of exports: each with its frozen dataset, so that it can be issued again."""
