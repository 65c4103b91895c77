"""What stands behind a figure: its inputs, its parts, and why it changed.

``answer.explanation`` is the way in. It runs under the reader's identity in the transaction of the
page, reads what the pages read, and gives parts that sum to the figure shown.
"""
