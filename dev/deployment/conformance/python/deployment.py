"""The deployment under test."""

import base64
import itertools
import json
import os
import unittest

import requests

URL = os.environ["DEPLOYMENT_URL"]
_TOKENS, _TOKEN = os.environ.get("DEPLOYMENT_TOKENS"), os.environ.get("DEPLOYMENT_TOKEN")

# Decorators of tests that a deployment without that cannot pass.
needs_controls = unittest.skipUnless(os.environ.get("DEPLOYMENT_CONTROLS"), "needs the development deployment's controls")
needs_tokens = unittest.skipUnless(_TOKENS, "needs an issuer of tokens")
needs_token = unittest.skipUnless(_TOKENS or _TOKEN, "needs a token")


def _post(url, body):
    response = requests.post(url, json=body, timeout=10)
    response.raise_for_status()
    return response.json()


def control(action, **body):
    """Turns on a fault of the deployment: cut, close, restart and others."""
    _post(f"{URL}/dev/control/{action}", body)


def token(user, **claims):
    """A session token of a user, valid for a minute. Without an issuer it is the one that there is."""
    if not _TOKENS:
        return _TOKEN
    return _post(_TOKENS, {"user": user, "claims": claims})["token"]


def subject(jwt):
    """The user of a token."""
    payload = jwt.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]


_numbers = itertools.count(1)


def unique():
    """A counter or channel that no other test uses."""
    return f"py{os.getpid()}n{next(_numbers)}"
