"""The ground the tables stand on: roles, schemas and rights, made before the first migration."""
