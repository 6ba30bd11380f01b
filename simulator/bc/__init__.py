"""Business Central's web services over the world's environments and companies."""
