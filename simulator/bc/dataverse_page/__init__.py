"""Page 7200, CDS Connection Setup: from version 16 on it comes before page 5330."""
