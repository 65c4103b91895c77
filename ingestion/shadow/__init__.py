"""The shadow run: a legacy report beside our figures, until nobody needs the report any more.

legacy file → cells (``layout``, ``legacy``) → breaks (``compare``) → why (``explain``).
"""
