-- Purpose: the passwords that stand get their marks (140_password.sql); its trigger makes them.
-- Grain:   one row per person with a password that can be typed.
-- Run as:  helio_migrate, which may write people unsigned.

UPDATE person SET password_mark = NULL WHERE password NOT LIKE '!%';
