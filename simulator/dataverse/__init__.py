"""Dataverse's Web API over the tables of the world's Sales organisations."""
