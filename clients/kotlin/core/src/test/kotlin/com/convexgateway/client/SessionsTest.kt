package com.convexgateway.client

import java.io.IOException
import java.util.UUID
import java.util.concurrent.CancellationException
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.JsonPrimitive

/** Providers that change users, hang, throw and overtake themselves. */
class SessionsTest {
    private val dev = DevGateway.shared
    private val provider = DevProvider(dev, fresh("ada"))
    private val ada = "user_${provider.user}"

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    private fun ConvexClient.me() = subscribe<Me?>("users:me")

    @Test
    fun `the token of another user begins another session, visibly`() = test {
        provider.ttl = "3s"
        ConvexGatewayClient(dev.target, provider).use { client ->
            client.login(this)
            val states = client.authState.events(this)
            val seen = client.me().events(this)
            assertEquals(ada, seen.receive().getOrThrow()?.subject)
            provider.failure = IOException("offline")
            delay(16.seconds) // past the expiry and the gateway's grace: no stream is left that a token could extend
            provider.user = fresh("bob")
            provider.ttl = "60s"
            provider.failure = null
            states.until { it is AuthState.AuthLoading }
            val state = assertIs<AuthState.Authenticated<DevProvider.SignedIn>>(states.until { it is AuthState.Authenticated })
            assertEquals(provider.user, state.userInfo.user)
            assertEquals("user_${provider.user}", seen.receive().getOrThrow()?.subject)
            assertEquals("user_${provider.user}", client.query<Me>("users:me").subject)
        }
    }

    @Test
    fun `a session without streams takes no token of another user, session or issuer`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val session = Session(provider.token(), client.transport) { null } // the gateway has nothing to compare
            val first = session.token
            assertFalse(session.offer(dev.token(fresh("bob"), "90s")))
            assertFalse(session.offer(dev.token(provider.user, "90s", mapOf("sid" to JsonPrimitive("sess_other")))))
            assertFalse(session.offer(dev.token(provider.user, "90s", mapOf("iss" to JsonPrimitive("https://x.example")))))
            assertEquals(first, session.token)
            val newer = dev.token(provider.user, "90s")
            assertTrue(session.offer(newer))
            assertEquals(newer, session.token)
        }
    }

    @Test
    fun `white space around a token is not part of it`() = test {
        for (space in listOf("\n", "\r\n", " ", "\t")) {
            ConvexGatewayClient(dev.target, TokenSupplier { space + provider.token() + space }).use { client ->
                assertEquals(ada, client.query<Me>("users:me").subject)
            }
        }
    }

    @Test
    fun `what is no token does not sign in, and no error holds it`() = test {
        for (bad in listOf("", "secret\nsecret", "sec ret", "secr\u00e9t", "secret\u0000")) {
            val login = object : AuthProvider<String> {
                override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = Result.success(bad)
                override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
                override fun extractIdToken(authResult: String) = authResult
            }
            ConvexGatewayClient(dev.target, login).use { client ->
                val error = assertNotNull(runCatching { client.login(this).getOrThrow() }.exceptionOrNull())
                assertIs<IllegalArgumentException>(error)
                assertFalse("sec" in "$error", "$error")
                assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
            }
        }
    }

    @Test
    fun `a null token ends the session although another one follows at once`() = test {
        ConvexGatewayClient(dev.target, provider).use { client ->
            client.login(this)
            repeat(5) {
                val session = client.callers.value
                provider.push(null)
                provider.push(provider.token())
                client.authState.first { it is AuthState.Authenticated && client.callers.value !== session }
                assertEquals(ada, client.query<Me>("users:me").subject)
                provider.push(provider.token())
                provider.push(null)
                assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
                delay(100)
                assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
                client.login(this)
            }
        }
    }

    @Test
    fun `a sign-in that is overtaken by a sign-out has not succeeded`() = test {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider).use { client ->
                proxy.down() // the sign-in waits for the gateway
                val signIn = async { client.login(this@test) }
                eventually { client.callers.value is Session }
                assertTrue(client.logout(this).isSuccess)
                assertTrue(signIn.await().isFailure)
                assertIs<AuthState.Unauthenticated<*>>(client.authState.value)
            }
        }
    }

    @Test
    fun `a sign-in that overtakes a slow sign-out stays signed in`() = test {
        val slow = object : AuthProvider<DevProvider.SignedIn> by provider {
            val leaving = CompletableDeferred<Unit>()
            val left = CompletableDeferred<Unit>()
            override suspend fun logout(context: Context): Result<Void?> {
                leaving.complete(Unit)
                left.await()
                return Result.success(null)
            }
        }
        ConvexGatewayClient(dev.target, slow).use { client ->
            client.login(this)
            val signOut = async { client.logout(this@test) }
            slow.leaving.await()
            val signIn = async { client.login(this@test) }
            provider.claims = mapOf("sid" to JsonPrimitive("sess_second")) // the first one is signed out at the gateway
            delay(200)
            slow.left.complete(Unit)
            assertTrue(signOut.await().isSuccess)
            assertTrue(signIn.await().isSuccess)
            assertIs<AuthState.Authenticated<*>>(client.authState.value)
            assertEquals(ada, client.query<Me>("users:me").subject)
        }
    }

    @Test
    fun `a supplier that hangs does not stay Authenticated without end, and is asked again`() = test(2.minutes) {
        var hangs = false
        val asked = AtomicInteger()
        val supplier = TokenSupplier {
            asked.incrementAndGet()
            if (hangs) awaitCancellation()
            provider.token()
        }
        provider.nextTtl = "4s"
        ConvexGatewayClient(dev.target, supplier, ClientOptions(scheduler = FastScheduler(10))).use { client ->
            client.authState.first { it is AuthState.Authenticated }
            val seen = client.me().events(this)
            seen.receive()
            hangs = true
            client.authState.first { it is AuthState.AuthLoading }
            assertTrue(asked.get() >= 3)
            hangs = false
            client.authState.first { it is AuthState.Authenticated }
            assertEquals(ada, client.query<Me>("users:me").subject)
        }
    }

    @Test
    fun `whatever a supplier throws, the app does not crash`() = test {
        val crashes = AtomicInteger()
        val before = Thread.getDefaultUncaughtExceptionHandler()
        Thread.setDefaultUncaughtExceptionHandler { _, _ -> crashes.incrementAndGet() }
        try {
            val thrown = listOf(
                { TODO("later") }, { throw StackOverflowError() }, { throw CancellationException("its own") },
                { throw IllegalStateException("no") }, { throw NoClassDefFoundError("x") },
            )
            for (fail in thrown) {
                var fails = true
                ConvexGatewayClient(dev.target, TokenSupplier { if (fails) fail() else provider.token() }).use { client ->
                    client.authState.first { it is AuthState.Unauthenticated }
                    fails = false
                    assertTrue(client.loginFromCache().isSuccess)
                    assertEquals(ada, client.query<Me>("users:me").subject)
                }
            }
            assertEquals(0, crashes.get())
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before)
        }
    }

    @Test
    fun `whatever a supplier throws when a token is due, the session goes on with the next`() = test {
        for (thrown in listOf(CancellationException("its own"), NotImplementedError(), IllegalStateException("no"))) {
            var fails = 0
            val supplier = TokenSupplier { if (fails-- > 0) throw thrown else provider.token() }
            provider.ttl = "4s"
            ConvexGatewayClient(dev.target, supplier).use { client ->
                client.authState.first { it is AuthState.Authenticated }
                val first = (client.callers.value as Session).token
                fails = 3
                eventually { (client.callers.value as Session).token != first }
                assertEquals(ada, client.query<Me>("users:me").subject)
                assertIs<AuthState.Authenticated<*>>(client.authState.value)
            }
        }
    }

    @Test
    fun `after a rest beyond the expiry nobody is signed out, and no call is anonymous`() = test(2.minutes) {
        var failsUntil = 0L
        val supplier = TokenSupplier {
            if (System.nanoTime() < failsUntil) throw IllegalStateException("not yet") else provider.token()
        }
        provider.nextTtl = "5s"
        val options = ClientOptions(scheduler = FastScheduler(10), idleAfter = 1.seconds, queryTimeout = 500.seconds)
        ConvexGatewayClient(dev.target, supplier, options).use { client ->
            client.authState.first { it is AuthState.Authenticated }
            val states = client.authState.events(this)
            client.pause()
            delay(6.seconds)
            failsUntil = System.nanoTime() + 3_000_000_000 // 30 s of the client's time
            client.resume()
            val calls = List(5) { async { client.query<Me?>("users:me") } }
            calls.forEach { assertEquals(ada, it.await()?.subject) }
            assertIs<AuthState.Authenticated<*>>(states.receive())
            assertEquals(null, states.tryReceive().getOrNull())
        }
    }
}
