"""People, teams and requests for roles in the admin.

What is offered here is what the database would accept; helio/rls/sql/09*.sql judge it all the same.
"""

from helio.accounts.admin import people, role_requests, teams

__all__ = ["people", "role_requests", "teams"]
