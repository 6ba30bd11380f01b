"""The front desk: settings, logs, command line."""
