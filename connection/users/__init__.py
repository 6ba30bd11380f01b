"""Who of Business Central is who in Sales, for everybody at once, by the rule of the former."""
