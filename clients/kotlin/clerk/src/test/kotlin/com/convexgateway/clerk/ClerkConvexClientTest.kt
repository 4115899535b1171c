package com.convexgateway.clerk

import com.convexgateway.client.AuthProvider
import com.convexgateway.client.AuthState
import com.convexgateway.client.Context
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.DevGateway
import com.convexgateway.client.GatewayError
import com.convexgateway.client.Me
import com.convexgateway.client.TcpProxy
import com.convexgateway.client.eventually
import com.convexgateway.client.events
import com.convexgateway.client.test
import java.time.Instant
import java.util.Base64
import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.MutableSharedFlow
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** A client follows Clerk's session, at a real gateway. Each test has users of its own. */
@OptIn(ExperimentalCoroutinesApi::class)
class ClerkConvexClientTest {
    private val dev = DevGateway.shared
    private val ada = fresh("ada")
    private val bob = fresh("bob")

    @Volatile
    private var ttl = "60s"
    private val clerk = TestClerk.of(dev) { ttl }

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    private fun client() = ClerkConvexClient(deploymentUrl = dev.target, context = this, clerk)

    private val AuthState<String>.name: String get() = when (this) {
        is AuthState.AuthLoading -> "loading"
        is AuthState.Unauthenticated -> "out"
        is AuthState.Authenticated -> "in"
    }

    private suspend fun ReceiveChannel<AuthState<String>>.expect(vararg names: String) =
        names.forEachIndexed { i, name -> assertEquals(name, receive().name, "state $i") }

    private suspend fun ReceiveChannel<Me?>.expectUser(user: String) = assertEquals("user_$user", receive()?.subject)

    @Test
    fun `while Clerk starts, the state is loading and calls wait`() = test {
        client().use { client ->
            val states = client.convex.authState.events(this)
            val seen = client.convex.subscribe<Me?>("users:me").events(this)
            val call = async { client.convex.query<Me?>("users:me") }
            states.expect("loading")
            clerk.session(ada)
            assertEquals("user_$ada", call.await()?.subject)
            seen.expectUser(ada)
            states.expect("in")
        }
    }

    @Test
    fun `a user who is signed out at Clerk is signed out here`() = test {
        client().use { client ->
            val states = client.convex.authState.events(this)
            states.expect("loading")
            clerk.nobody()
            states.expect("out")
            assertNull(client.convex.query<Me?>("users:me"))
        }
    }

    @Test
    fun `if Clerk has started before, there is no loading state`() = test {
        clerk.nobody()
        client().use { client ->
            val states = client.convex.authState.events(this)
            assertNull(client.convex.query<Me?>("users:me"))
            states.expect("out")
            clerk.session(ada)
            states.expect("loading", "in")
            assertTrue(states.isEmpty)
        }
    }

    @Test
    fun `a pending session is signed out, and signed in once it is active`() = test {
        clerk.session(ada, status = ClerkSession.Status.PENDING)
        client().use { client ->
            val states = client.convex.authState.events(this)
            states.expect("out")
            clerk.session(ada)
            states.expect("loading", "in")
            clerk.session(ada, status = ClerkSession.Status.PENDING)
            states.expect("out")
            val second = Instant.now().epochSecond // the gateway refuses the session's tokens of this second, too
            eventually { Instant.now().epochSecond > second }
            clerk.session(ada)
            states.expect("loading", "in")
            assertEquals("user_$ada", client.convex.query<Me?>("users:me")?.subject)
        }
    }

    @Test
    fun `another session is another user, without an anonymous state between`() = test {
        clerk.session(ada)
        client().use { client ->
            val states = client.convex.authState.events(this)
            val seen = client.convex.subscribe<Me?>("users:me").events(this)
            seen.expectUser(ada)
            states.expect("loading", "in")
            clerk.session(bob)
            seen.expectUser(bob)
            states.expect("loading", "in")
            assertTrue(states.isEmpty)
        }
    }

    @Test
    fun `another organization is another identity of the same session`() = test {
        clerk.session(ada, "org_one")
        client().use { client ->
            val states = client.convex.authState.events(this)
            val seen = client.convex.subscribe<JsonObject>("users:me").events(this)
            assertTrue("org_one" in seen.receive().toString())
            states.expect("loading", "in")
            clerk.session(ada, "org_two")
            assertTrue("org_two" in seen.receive().toString())
            states.expect("loading", "in")
        }
    }

    @Test
    fun `a sign-out at Clerk ends the session at the gateway`() = test {
        clerk.session(ada)
        client().use { client ->
            val states = client.convex.authState.events(this)
            states.expect("loading", "in")
            val token = assertIs<AuthState.Authenticated<String>>(client.convex.authState.value).userInfo
            clerk.nobody()
            states.expect("out")
            eventually { refusal(token) == "SIGNED_OUT" }
            assertNull(client.convex.query<Me?>("users:me"))
        }
    }

    /** Why the gateway refuses a token, or null if it does not. */
    private suspend fun refusal(token: String): String? = ConvexGatewayClient(dev.target, WithToken(token)).use {
        (it.login(this).exceptionOrNull() as? GatewayError)?.reason
    }

    private class WithToken(private val token: String) : AuthProvider<String> {
        override suspend fun login(context: Context, onIdToken: (String?) -> Unit) = Result.success(token)
        override suspend fun logout(context: Context): Result<Void?> = Result.success(null)
        override fun extractIdToken(authResult: String) = authResult
    }

    private fun hasExpired(token: String): Boolean {
        val claims = Json.parseToJsonElement(String(Base64.getUrlDecoder().decode(token.split('.')[1]))).jsonObject
        return Instant.now().epochSecond > claims.getValue("exp").jsonPrimitive.long
    }

    @Test
    fun `logging out ends Clerk's session, and changes nothing if Clerk fails`() = test {
        clerk.session(ada)
        client().use { client ->
            client.convex.authState.first { it is AuthState.Authenticated }
            clerk.failure = IllegalStateException("no")
            assertEquals("no", client.convex.logout(this).exceptionOrNull()?.message)
            assertIs<AuthState.Authenticated<String>>(client.convex.authState.value)
            clerk.failure = null
            assertTrue(client.convex.logout(this).isSuccess)
            assertEquals(ClerkState.SignedOut, clerk.state)
            assertIs<AuthState.Unauthenticated<String>>(client.convex.authState.value)
        }
    }

    @Test
    fun `offline, no user is signed out, however old the token`() = test {
        ttl = "3s"
        clerk.session(ada)
        client().use { client ->
            val states = client.convex.authState.events(this)
            val seen = client.convex.subscribe<Me?>("users:me").events(this)
            seen.expectUser(ada)
            clerk.offline = true
            val asked = clerk.askedForNew.get()
            eventually { clerk.askedForNew.get() >= asked + 3 && hasExpired(clerk.token(skipCache = false)!!) }
            clerk.offline = false
            assertEquals("user_$ada", client.convex.query<Me?>("users:me")?.subject)
            states.expect("loading", "in")
            assertTrue(states.isEmpty)
            assertTrue(seen.isEmpty)
        }
    }

    @Test
    fun `a sign-in without a network continues until there is one`() = test {
        clerk.session(ada)
        clerk.offline = true
        client().use { client ->
            val states = client.convex.authState.events(this)
            val call = async { client.convex.query<Me?>("users:me") }
            eventually { clerk.askedForNew.get() >= 2 }
            states.expect("loading")
            clerk.offline = false
            assertEquals("user_$ada", call.await()?.subject)
            states.expect("in")
        }
    }

    @Test
    fun `new tokens of Clerk are passed on`() = test {
        ttl = "8s"
        clerk.session(ada)
        client().use { client ->
            client.convex.authState.first { it is AuthState.Authenticated }
            val first = clerk.token(skipCache = false)!!
            ttl = "60s"
            clerk.refresh()
            clerk.offline = true // so that the client cannot get another one
            val asked = clerk.askedForNew.get()
            eventually { hasExpired(first) }
            assertEquals("user_$ada", client.convex.query<Me?>("users:me")?.subject)
            assertEquals(asked, clerk.askedForNew.get())
        }
    }

    @Test
    fun `refused tokens sign out, and an accepted one signs in again`() = test {
        var claims: Map<String, JsonElement> = mapOf("iss" to JsonPrimitive("https://another.issuer.example"))
        val clerk = TestClerk { dev.token(it.id, claims = claims) }
        clerk.session(ada)
        ClerkConvexClient(dev.target, this, clerk).use { client ->
            val states = client.convex.authState.events(this)
            states.expect("loading", "out")
            claims = emptyMap()
            clerk.refresh()
            states.expect("loading", "in")
        }
    }

    @Test
    fun `a restart of Clerk signs its user out`() = test {
        clerk.session(ada)
        client().use { client ->
            client.convex.authState.first { it is AuthState.Authenticated }
            clerk.reset()
            client.convex.authState.first { it is AuthState.Unauthenticated }
            assertNull(client.convex.query<Me?>("users:me"))
        }
    }

    @Test
    fun `a client of the official type emits failures as results`() = test {
        clerk.session(ada)
        createClerkConvexClient(dev.target, this, clerk).use { client ->
            assertEquals("user_$ada", client.subscribe<Me?>("users:me").first().getOrThrow()?.subject)
            assertNotEquals(null, client.subscribe<Me?>("errors:crash").first().exceptionOrNull())
        }
        client().use { client ->
            assertFailsWith<Exception> { client.convex.subscribe<Me?>("errors:crash").first() }
        }
    }

    @Test
    fun `a new network makes a new connection`() = test {
        clerk.nobody()
        val networks = MutableSharedFlow<Unit>()
        TcpProxy(dev.grpc).use { proxy ->
            ClerkConvexClient(proxy.target, this, clerk, networks).use { client ->
                assertNull(client.convex.query<Me?>("users:me"))
                assertEquals(1, proxy.connections)
                networks.emit(Unit)
                assertNull(client.convex.query<Me?>("users:me"))
                assertEquals(2, proxy.connections)
            }
        }
    }

    @Test
    fun `a closed client follows nothing`() = test {
        val networks = MutableSharedFlow<Unit>()
        val client = ClerkConvexClient(dev.target, this, clerk, networks)
        assertEquals(1, clerk.followers.value)
        assertEquals(1, networks.subscriptionCount.value)
        clerk.session(ada)
        client.convex.authState.first { it is AuthState.Authenticated }
        client.close()
        clerk.followers.first { it == 0 }
        networks.subscriptionCount.first { it == 0 }
    }
}
