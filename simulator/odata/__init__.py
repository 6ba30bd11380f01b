"""What both OData services share: the language of filters."""
