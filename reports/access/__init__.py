"""Who sees what and why, now and on any past day; reviews; and the proof an auditor takes along."""
