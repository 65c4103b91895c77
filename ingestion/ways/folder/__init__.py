"""The watched folders: files are dropped, taken when whole, and filed away."""
