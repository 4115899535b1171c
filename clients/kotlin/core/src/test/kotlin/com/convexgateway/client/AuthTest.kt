package com.convexgateway.client

import com.convexgateway.v1.SubscribeRequest
import com.google.protobuf.ByteString
import java.io.IOException
import java.time.Instant
import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Users sign in, stay signed in beyond their tokens, change and sign out. Each test has users of its own. */
class AuthTest {
    private val dev = DevGateway.shared
    private val provider = DevProvider(dev, fresh("ada"))
    private val ada = "user_${provider.user}"

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    private fun client(provider: DevProvider = this.provider) = ConvexGatewayClient(dev.target, provider)

    private fun ConvexClient.me() = subscribe<Me?>("users:me")

    @Test
    fun `signing in, and out`() = test {
        client().use { client ->
            val states = client.authState.events(this)
            assertIs<AuthState.Unauthenticated<*>>(states.receive())
            assertEquals(provider.user, client.login(this).getOrThrow().user)
            assertIs<AuthState.Authenticated<*>>(client.authState.value)
            states.until { it is AuthState.Authenticated }
            assertEquals(ada, client.query<Me>("users:me").subject)
            assertTrue(client.logout(this).isSuccess)
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
            assertNull(client.query<Me?>("users:me"))
        }
    }

    @Test
    fun `the text of a state holds no token`() {
        val states = listOf(AuthState.Authenticated("a.jwt.x"), AuthState.AuthLoading(), AuthState.Unauthenticated<String>())
        assertEquals(listOf("Authenticated", "AuthLoading", "Unauthenticated"), states.map { "$it" })
    }

    @Test
    fun `a sign-in that is running when the client is closed has no effect`() = test {
        val asked = CompletableDeferred<Unit>()
        val answer = CompletableDeferred<String>()
        val slow = object : AuthProvider<String> {
            override suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<String> {
                asked.complete(Unit)
                return Result.success(answer.await())
            }

            override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
            override fun extractIdToken(authResult: String) = authResult
        }
        val client = ConvexGatewayClient(dev.target, slow)
        val events = client.me().events(this)
        val signIn = async { client.login(this) }
        asked.await()
        client.close()
        answer.complete(provider.token())
        assertTrue(signIn.await().isFailure)
        events.receiveCatching() // an earlier result, or the end
        assertTrue(events.receiveCatching().isClosed)
        assertFailsWith<IllegalStateException> { client.login(this) }
    }

    @Test
    fun `subscriptions change with the user`() = test {
        client().use { client ->
            val seen = client.me().events(this)
            assertNull(seen.receive().getOrThrow())
            client.login(this)
            assertEquals(ada, seen.receive().getOrThrow()?.subject)
            client.logout(this)
            assertNull(seen.receive().getOrThrow())
        }
    }

    @Test
    fun `a failed logout changes nothing`() = test {
        client().use { client ->
            client.login(this)
            provider.failure = IllegalStateException("no")
            assertTrue(client.logout(this).isFailure)
            assertIs<AuthState.Authenticated<*>>(client.authState.value)
        }
    }

    @Test
    fun `after a failed sign-in no user is signed in`() = test {
        client().use { client ->
            provider.failure = IllegalStateException("wrong password")
            assertEquals("wrong password", client.login(this).exceptionOrNull()?.message)
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
            assertNull(client.query<Me?>("users:me"))
        }
    }

    @Test
    fun `a token that the gateway refuses does not sign in`() = test {
        client().use { client ->
            provider.claims = mapOf("iss" to JsonPrimitive("https://another.issuer.example"))
            assertEquals("ISSUER", assertIs<GatewayError>(client.login(this).exceptionOrNull()).reason)
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
        }
    }

    @Test
    fun `a pending session does not sign in`() = test {
        client().use { client ->
            provider.claims = mapOf("sts" to JsonPrimitive("pending"))
            assertEquals("SESSION_PENDING", assertIs<GatewayError>(client.login(this).exceptionOrNull()).reason)
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
        }
    }

    @Test
    fun `a session lasts longer than its tokens, and its streams continue`() = test {
        provider.ttl = "4s"
        client().use { client ->
            client.login(this)
            val states = client.authState.events(this)
            val channel = TestChannel(client)
            val events = channel.messages().events(this)
            events.receive()
            eventually { provider.asked.get() >= 4 } // three tokens later
            channel.send("still here")
            assertEquals(listOf("still here"), events.receive().bodies())
            assertEquals(ada, client.query<Me>("users:me").subject)
            assertIs<AuthState.Authenticated<*>>(states.receive())
            assertNull(states.tryReceive().getOrNull())
        }
    }

    @Test
    fun `pushed tokens extend a session`() = test {
        provider.ttl = "4s"
        val pushing = object : AuthProvider<String> {
            var push: (String?) -> Unit = {}
            override suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<String> {
                push = onIdToken
                return Result.success(provider.token())
            }

            override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
            override fun extractIdToken(authResult: String) = authResult
        }
        ConvexGatewayClient(dev.target, pushing).use { client ->
            assertFailsWith<NotImplementedError> { client.loginFromCache() }
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
            client.login(this)
            val session = client.callers.value as Session
            val first = session.token
            provider.ttl = "60s"
            pushing.push(provider.token())
            eventually { session.token != first }
            assertIs<AuthState.Authenticated<*>>(client.authState.value)
            pushing.push(null)
            client.authState.first { it is AuthState.Unauthenticated }
            assertNull(client.query<Me?>("users:me"))
        }
    }

    @Test
    fun `the user of a provider without another token is signed out at the expiry`() = test {
        val token = dev.token(provider.user, "3s")
        val silent = object : AuthProvider<String> {
            override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = Result.success(token)
            override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
            override fun extractIdToken(authResult: String) = authResult
        }
        ConvexGatewayClient(dev.target, silent).use { client ->
            assertTrue(client.login(this).isSuccess)
            client.authState.first { it is AuthState.Unauthenticated }
        }
    }

    @Test
    fun `a network error does not sign the user out`() = test {
        provider.ttl = "3s"
        client().use { client ->
            client.login(this)
            val states = client.authState.events(this)
            val seen = client.me().events(this)
            assertEquals(ada, seen.receive().getOrThrow()?.subject)
            provider.failure = IOException("offline")
            val asked = provider.asked.get()
            eventually { provider.asked.get() >= asked + 5 } // the token has expired long ago
            provider.failure = null
            assertEquals(ada, client.query<Me>("users:me").subject)
            assertIs<AuthState.Authenticated<*>>(states.receive())
            assertNull(states.tryReceive().getOrNull())
        }
    }

    @Test
    fun `an expired token is replaced and the call made again`() = test {
        provider.nextTtl = "1s"
        client().use { client ->
            assertTrue(client.login(this).isSuccess)
            assertTrue(provider.asked.get() > 1)
            assertEquals(ada, client.query<Me>("users:me").subject)
        }
    }

    @Test
    fun `after a switch of accounts only the other user's data is emitted`() = test {
        client().use { client ->
            client.login(this)
            val seen = client.me().events(this)
            assertEquals(ada, seen.receive().getOrThrow()?.subject)
            provider.user = fresh("bob")
            provider.push(provider.token())
            val bob = "user_${provider.user}"
            assertEquals(bob, seen.receive().getOrThrow()?.subject)
            client.authState.first { it is AuthState.Authenticated && it.userInfo.user == provider.user }
            assertEquals(bob, client.query<Me>("users:me").subject)
        }
    }

    @Test
    fun `another organisation is another identity of the same session`() = test {
        provider.claims = organisation("org_one")
        client().use { client ->
            client.login(this)
            val seen = client.subscribe<JsonObject>("users:me").events(this)
            val one = seen.receive().getOrThrow()
            assertTrue("org_one" in one.toString(), "$one")
            provider.claims = organisation("org_two")
            provider.ttl = "90s" // a later expiry, as any newer token has
            provider.push(provider.token())
            assertTrue("org_two" in seen.receive().getOrThrow().toString())
            client.authState.first { it is AuthState.Authenticated }
            assertTrue("org_two" in client.query<JsonObject>("users:me").toString())
        }
    }

    @Test
    fun `many changes of the organisation, each with a call at once`() = test {
        client().use { client ->
            provider.claims = organisation("org_0")
            client.login(this)
            val seen = client.subscribe<JsonObject>("users:me").events(this)
            assertTrue("org_0" in seen.receive().getOrThrow().toString())
            for (turn in 1..30) {
                val now = "org_${turn % 3}"
                provider.claims = organisation(now)
                provider.ttl = "${60 + turn}s"
                provider.push(provider.token())
                assertTrue(now in seen.receive().getOrThrow().toString(), "turn $turn")
                assertTrue(now in client.query<JsonObject>("users:me").toString(), "the call of turn $turn")
            }
        }
    }

    private fun organisation(id: String) =
        mapOf("o" to JsonObject(mapOf("id" to JsonPrimitive(id), "rol" to JsonPrimitive("admin"), "slg" to JsonPrimitive("x"))))

    @Test
    fun `a session that is signed out elsewhere ends here`() = test {
        client().use { client ->
            client.login(this)
            val seen = client.me().events(this)
            assertEquals(ada, seen.receive().getOrThrow()?.subject)
            client.transport.signOut(provider.token())
            client.authState.first { it is AuthState.Unauthenticated }
            assertNull(seen.receive().getOrThrow())
        }
    }

    @Test
    fun `a stream that was opened with an older token gets the newer one`() = test {
        client().use { client ->
            client.login(this)
            val session = client.callers.value as Session
            val channel = TestChannel(client)
            val older = dev.token(provider.user, "10s")
            val end = Instant.now().plusSeconds(10)
            val request = SubscribeRequest.newBuilder().setPath("messages:list").setRefreshKey(session.refreshKey)
                .setArgsJson(ByteString.copyFromUtf8(EncodedJson.fields(mapOf("channel" to channel.name)).toString()))
            val events = client.transport.subscribe(request, older).events(this)
            events.until { it.hasValueJson() }
            session.opened(older)
            eventually { Instant.now() > end }
            channel.send("after its expiry")
            assertTrue("after its expiry" in events.until { it.hasValueJson() }.valueJson.toStringUtf8())
        }
    }

    @Test
    fun `a newer token is sent once, however many events follow`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider).use { client ->
                client.login(this)
                val session = client.callers.value as Session
                val channel = TestChannel(client)
                val events = channel.messages().events(this)
                events.receive()
                assertEquals(2, proxy.carried(session.refreshKey)) // on the streams of the session and of the query
                val first = session.token
                provider.ttl = "90s"
                provider.push(provider.token())
                eventually { session.token != first }
                repeat(5) {
                    channel.send("event $it")
                    events.receive()
                }
                assertEquals(3, proxy.carried(session.refreshKey))
            }
        }
    }

    @Test
    fun `a sign-in succeeds without the gateway after the confirmation timeout`() = test {
        val options = ClientOptions(confirmationTimeout = 300.milliseconds)
        TcpProxy(dev.grpc).use { proxy ->
            proxy.down()
            ConvexGatewayClient(proxy.target, provider, options).use { client ->
                assertTrue(client.login(this).isSuccess)
                client.authState.first { it is AuthState.Authenticated }
                proxy.up()
                client.onNetworkAvailable()
                assertEquals(ada, client.query<Me>("users:me").subject)
                assertIs<AuthState.Authenticated<*>>(client.authState.value)
            }
        }
    }

    @Test
    fun `calls wait for a sign-in that needs no screen`() = test {
        ConvexGatewayClient(dev.target, TokenSupplier { provider.token() }).use { client ->
            assertIs<AuthState.AuthLoading<*>>(client.authState.value)
            assertEquals(ada, client.query<Me>("users:me").subject)
            client.authState.first { it is AuthState.Authenticated }
        }
    }

    @Test
    fun `a supplier without a token does not sign in`() = test {
        ConvexGatewayClient(dev.target, TokenSupplier { null }).use { client ->
            assertNull(client.query<Me?>("users:me"))
            assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
        }
    }

    @Test
    fun `a supplier is called for a new token when its cached one is refused`() = test {
        val cached = dev.token(provider.user, "3s")
        val supplier = TokenSupplier { force -> if (force) provider.token() else cached }
        ConvexGatewayClient(dev.target, supplier).use { client ->
            client.authState.first { it is AuthState.Authenticated }
            val session = client.callers.value as Session
            assertTrue(session.tokenAfter(cached) != cached)
            assertEquals(ada, client.query<Me>("users:me").subject)
        }
    }
}
