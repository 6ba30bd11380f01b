"""The room that speaks to Microsoft."""
