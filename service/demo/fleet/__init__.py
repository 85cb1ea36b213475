"""The generator of a made-up fleet of six customers: the boxes that exist, their defects, and each provider's feed."""
