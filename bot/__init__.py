"""The front desk: settings, wiring, command line and web server."""
