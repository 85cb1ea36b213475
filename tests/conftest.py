"""What all tests share: hypothesis without deadlines, for no test may depend on timing."""

from hypothesis import settings

settings.register_profile("samebox", deadline=None)
settings.load_profile("samebox")
