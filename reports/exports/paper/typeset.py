"""Sets one report, as a program of its own: typst's memory and time end with it.

Run with a folder (report.typ, report.json, report.csv), a folder of fonts and a Unix time; writes
the PDF to standard output. Imports nothing of Helio, so that it starts in a tenth of a second.
"""

import sys

import typst


def main(folder: str, fonts: str, timestamp: str) -> None:
    """Writes PDF/A-3a, tagged as PDF/UA-1 asks, with report.csv attached."""
    sys.stdout.buffer.write(
        typst.compile(
            f"{folder}/report.typ",
            root=folder,
            font_paths=[fonts],
            # Only the fonts given: whatever a machine has installed must not change the bytes.
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["a-3a", "ua-1"],
            timestamp=int(timestamp),
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
