"""Ports for programs whose addresses have to be known before they start."""

import random
import socket


def free_ports(n):
    """Returns free ports below those that the system gives to connections, so that none is taken before it is used."""
    numbers = []
    while len(numbers) < n:
        port = random.randrange(10_000, 30_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        if port not in numbers:
            numbers.append(port)
    return numbers
