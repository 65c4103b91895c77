"""The answer to what was not understood: the sentence that says what would be."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

UNSAID = "The address or the form was not understood. Go back and try again."


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A 400 page with our own sentence; what a library raised stays in the log."""
    sentence = str(exception) if isinstance(exception, BadRequest) else UNSAID
    return render(request, "400.html", {"exception": sentence}, status=400)
