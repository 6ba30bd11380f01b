"""Speaks to Microsoft: Entra ID, Dataverse's Web API and Business Central's web services."""
