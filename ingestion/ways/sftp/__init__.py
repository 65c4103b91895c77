"""A source on an SFTP server: its new files, once each, from a server whose key is known."""
