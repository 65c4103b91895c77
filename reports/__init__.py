"""What people read: dashboards, live pushes and exports on top of the secured figures."""
