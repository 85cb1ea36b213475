"""What all tests share: no deadlines, for no test may depend on timing, and processes that hear Ctrl-C."""

import signal

from hypothesis import settings

settings.register_profile("samebox", deadline=None)
settings.load_profile("samebox")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so a shell starts what runs behind it, and it is inherited
    signal.signal(signal.SIGINT, signal.default_int_handler)
