"""A gateway that a check has started."""

import sys
import time
import urllib.request

PATIENCE = 120  # seconds


def await_ready(process, port):
    """Waits until a gateway is ready. Ends the check if that takes too long, or if the gateway has ended."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE).close()
            return
        except OSError as error:
            if process.poll() is not None or time.monotonic() > end:
                sys.exit(f"{process.args}: {error}, exit code {process.poll()}")
            time.sleep(0.1)
