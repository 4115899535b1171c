"""ConvexClient, over the sync socket, and ConvexHttpClient."""

import faulthandler
import math
import unittest

from convex import ConvexClient, ConvexError, ConvexInt64
from convex.http_client import ConvexHttpClient

from deployment import URL, control, needs_controls, needs_token, needs_tokens, subject, token, unique

VALUES = [
    None, True, False, "", "é 🙂 \u2028", 0.0, 1.5, -1e300, 5e-324, math.inf, -math.inf,
    ConvexInt64(0), ConvexInt64(-1), ConvexInt64(2**63 - 1), ConvexInt64(-(2**63)),
    b"", b"\x00\x10\x83", [], {}, [[], [{}]], {"a": ConvexInt64(1), "with space": [b"\xff"], "": None},
]


def until(live, wanted):
    """Waits for a result. A subscription repeats its newest one whenever anything on the socket has changed."""
    return next(value for value in live if wanted(value))


class Case(unittest.TestCase):
    def setUp(self):
        faulthandler.dump_traceback_later(60, exit=True)  # the clients wait without limit
        self.addCleanup(faulthandler.cancel_dump_traceback_later)


class Both:
    """The tests of both clients."""

    connect = None

    def test_functions(self):
        client, name = self.connect(URL), unique()
        self.assertEqual(client.query("counter:get", {"name": name}), 0.0)
        self.assertEqual(client.mutation("counter:add", {"name": name, "by": 2.5}), 2.5)
        self.assertEqual(client.query("counter:get", {"name": name}), 2.5)
        self.assertEqual(client.action("actions:sleep", {"ms": 1}), 1.0)

    def test_values(self):
        client = self.connect(URL)
        for value in VALUES:
            with self.subTest(value=value):
                received = client.query("values:echo", {"value": value})
                self.assertEqual(received, value)
                self.assertIs(type(received), type(value))
        self.assertTrue(math.isnan(client.query("values:echo", {"value": math.nan})))
        self.assertEqual(math.copysign(1, client.query("values:echo", {"value": -0.0})), -1)

    def test_convex_error(self):
        client, data = self.connect(URL), {"code": "FULL", "free": None}
        for run in (
            lambda: client.query("errors:convex", {"data": data}),
            lambda: client.mutation("errors:convexMutation", {"data": data}),
        ):
            with self.assertRaises(ConvexError) as caught:
                run()
            self.assertEqual(caught.exception.data, data)

    def test_other_errors(self):
        client = self.connect(URL)
        for run, text in (
            (lambda: client.query("errors:crash"), "Uncaught Error: boom"),
            (lambda: client.mutation("errors:crashMutation"), "Uncaught Error: boom"),
            (lambda: client.action("internal:secret"), "Could not find public function for 'internal:secret'"),
            (lambda: client.query("counter:get", {}), "ArgumentValidationError"),
        ):
            with self.assertRaisesRegex(Exception, text) as caught:
                run()
            self.assertNotIsInstance(caught.exception, ConvexError)

    @needs_token
    def test_auth(self):
        client, ada = self.connect(URL), token("ada")
        self.assertIsNone(client.query("users:me"))
        client.set_auth(ada)
        self.assertEqual(client.query("users:me")["subject"], subject(ada))
        client.clear_auth()
        self.assertIsNone(client.query("users:me"))


class HTTPTest(Both, Case):
    connect = ConvexHttpClient

    @needs_tokens
    def test_bad_token(self):
        client = self.connect(URL)
        client.set_auth(token("ada", aud="another"))
        with self.assertRaisesRegex(Exception, "401 NoAuthProvider"):
            client.query("users:me")


class SyncTest(Both, Case):
    connect = ConvexClient

    def test_subscribe(self):
        channel = unique()
        live = ConvexClient(URL).subscribe("messages:list", {"channel": channel})
        self.assertEqual(next(live), [])
        writer = ConvexClient(URL)
        sent = writer.mutation("messages:send", {"body": "one", "channel": channel})
        (message,) = until(live, bool)
        self.assertEqual((message["_id"], message["body"]), (sent, "one"))
        self.assertEqual(writer.mutation("messages:clear", {"channel": channel}), ConvexInt64(1))
        until(live, lambda messages: messages == [])
        live.unsubscribe()

    def test_subscribed_error(self):
        with self.assertRaises(ConvexError) as caught:
            next(ConvexClient(URL).subscribe("errors:convex", {"data": "no"}))
        self.assertEqual(caught.exception.data, "no")

    def test_error_data(self):
        with self.assertRaises(ConvexError) as caught:
            ConvexClient(URL).query("errors:convex", {"data": VALUES})
        self.assertEqual(caught.exception.data, VALUES)

    @needs_tokens
    def test_identity_changes_results(self):
        client = ConvexClient(URL)
        live = client.subscribe("users:me")
        self.assertIsNone(next(live))
        for user in ("ada", "bob"):
            client.set_auth(token(user))
            until(live, lambda me: me and me["subject"] == f"user_{user}")

    @needs_controls
    def test_reconnect(self):
        client, name = ConvexClient(URL), unique()
        client.set_auth(token("ada"))
        live = client.subscribe("counter:get", {"name": name})
        self.assertEqual(next(live), 0.0)
        for n, fault in enumerate(("cut", "restart")):
            control(fault)
            # Without a socket the client fails a new mutation, and still runs it later. So another client writes.
            ConvexHttpClient(URL).mutation("counter:add", {"name": name})
            until(live, lambda value: value == 2 * n + 1)
            self.assertEqual(client.mutation("counter:add", {"name": name}), 2 * n + 2)
            self.assertEqual(client.query("users:me")["subject"], "user_ada")
