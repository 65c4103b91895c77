"""Signing in, and what keeps a person signed in: sessions, second factors, single sign-on."""
