"""The automation API v2.0 (bc/administration/itpro-introduction-to-automation-apis.md)."""
