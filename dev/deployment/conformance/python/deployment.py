"""The deployment under test."""

import itertools
import os

import requests

URL = os.environ["DEPLOYMENT_URL"]


def _post(path, body):
    response = requests.post(URL + path, json=body, timeout=10)
    response.raise_for_status()
    return response.json()


def control(action, **body):
    """Turns on a fault of the deployment: cut, close, restart and others."""
    _post(f"/dev/control/{action}", body)


def token(user, **claims):
    """A session token of a user, valid for a minute."""
    return _post("/dev/token", {"user": user, "claims": claims})["token"]


_numbers = itertools.count(1)


def unique():
    """A counter or channel that no other test uses."""
    return f"py{os.getpid()}n{next(_numbers)}"
