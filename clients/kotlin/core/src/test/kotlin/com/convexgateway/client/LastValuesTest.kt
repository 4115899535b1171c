package com.convexgateway.client

import com.convexgateway.client.ScriptedQuery.Companion.error
import com.convexgateway.client.ScriptedQuery.Companion.unchanged
import com.convexgateway.client.ScriptedQuery.Companion.value
import com.google.protobuf.ByteString
import java.io.IOException
import java.util.UUID
import java.util.concurrent.CancellationException
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.ScheduledThreadPoolExecutor
import kotlin.io.encoding.Base64
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** Last values over restarts of the app: whose they are, and what becomes of them. */
class LastValuesTest {
    private val dev = DevGateway.shared
    private val numbers = query<Double>("m:f", mapOf("a" to 1.0))

    /** A cache whose values a test looks at. */
    private class Watched(private val kept: QueryCache = MemoryQueryCache()) : QueryCache by kept {
        val values = ConcurrentHashMap<QueryCache.Key, ByteArray>()

        override suspend fun write(key: QueryCache.Key, bytes: ByteArray) {
            kept.write(key, bytes)
            values[key] = bytes
        }

        override suspend fun remove(key: QueryCache.Key) {
            kept.remove(key)
            values -= key
        }

        override suspend fun clear(owner: String) {
            kept.clear(owner)
            values.keys.removeIf { it.owner == owner }
        }

        /** Waits until a value contains a text. */
        suspend fun has(text: String) = eventually { values.values.any { text in it.decodeToString() } }
    }

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    /** A token with claims that the client can read; no gateway of these tests verifies it. */
    private fun token(sub: String, iat: Int = 1, org: String = "none") =
        "e." + Base64.UrlSafe.encode("""{"iss":"https://x.example","sub":"$sub","sid":"s","org":"$org","iat":$iat}""".toByteArray()) + ".s"

    /** One start of an app. */
    private suspend fun start(gateway: ScriptedQuery, cache: QueryCache?, token: String? = null, body: suspend (ConvexClient) -> Unit) {
        val options = ClientOptions(cache = cache)
        val client = if (token == null) ConvexGatewayClient(gateway.target, options) else ConvexGatewayClient(gateway.target, ScriptedProvider(token), options)
        client.use {
            (it as? ConvexClientWithAuth<*>)?.login(this)
            body(it)
        }
    }

    /** The states of a query, and the stream that was opened for them. */
    private suspend fun <T> ConvexClient.follow(gateway: ScriptedQuery, query: Query<T>, scope: CoroutineScope): Pair<ReceiveChannel<QueryState<T>>, ScriptedQuery.Stream> {
        val before = gateway.opened.size
        return states(query).events(scope) to gateway.stream(before + 1)
    }

    @Test
    fun `a start without a network shows the last value, and then the gateway's word in a few bytes`() = test {
        val cache = Watched()
        val provider = DevProvider(dev, fresh("ada"))
        val body = "x".repeat(14_000)
        val rows = query<List<Message>>("messages:list", mapOf("channel" to fresh("c")))
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider, ClientOptions(cache = cache)).use { client ->
                client.login(this)
                client.mutation("messages:send", mapOf("body" to body, "channel" to rows.args.getValue("channel")))
                client.states(rows).first { it is QueryState.Data && it.value.isNotEmpty() }
                cache.has(body)
            }
            proxy.down()
            val patient = ClientOptions(cache = cache, confirmationTimeout = kotlin.time.Duration.ZERO)
            ConvexGatewayClient(proxy.target, provider, patient).use { client ->
                client.login(this)
                val states = client.states(rows).events(this)
                val shown = assertIs<QueryState.Data<List<Message>>>(states.receive())
                assertTrue(shown.cached)
                assertEquals(listOf(body), shown.value.map { it.body })
                val before = proxy.bytes
                proxy.up()
                client.onNetworkAvailable()
                assertEquals(shown.copy(cached = false), states.receive())
                assertTrue(proxy.bytes - before < body.length, "${proxy.bytes - before} bytes")
            }
        }
    }

    @Test
    fun `the resume token is sent, and results are without the kept value until the gateway has confirmed it`() = test {
        val cache = Watched()
        ScriptedQuery().use { gateway ->
            start(gateway, cache) { client ->
                val seen = client.subscribe(numbers).events(this)
                gateway.stream(1).events.send(value("1"))
                gateway.stream(1).events.send(value("2", token = "second"))
                seen.until { it.getOrThrow() == 2.0 }
                cache.has("second")
            }
            start(gateway, cache) { client ->
                fun subscribed() = Channel<Double>(Channel.UNLIMITED).also { seen -> // before it returns
                    launch(start = CoroutineStart.UNDISPATCHED) { client.subscribe(numbers).collect { seen.send(it.getOrThrow()) } }
                }
                val early = subscribed()
                assertEquals("second", gateway.stream(2).request.resumeToken)
                val states = client.states(numbers).events(this)
                assertEquals(QueryState.Data(2.0, cached = true), states.receive())
                val late = subscribed()
                gateway.stream(2).events.send(unchanged())
                assertEquals(QueryState.Data(2.0), states.receive())
                gateway.stream(2).events.send(value("3"))
                for (seen in listOf(early, late)) assertEquals(listOf(2.0, 3.0), List(2) { seen.receive() })
                assertEquals(QueryState.Data(3.0), states.receive())
            }
        }
    }

    @Test
    fun `a value that has changed meanwhile follows the kept one`() = test {
        val cache = Watched()
        ScriptedQuery().use { gateway ->
            start(gateway, cache) { client ->
                val seen = client.subscribe(numbers).events(this)
                gateway.stream(1).events.send(value("1"))
                seen.receive()
                cache.has("of 1")
            }
            start(gateway, cache) { client ->
                val states = client.states(numbers).events(this)
                assertEquals(QueryState.Data(1.0, cached = true), states.receive())
                gateway.stream(2).events.send(value("2"))
                assertEquals(QueryState.Data(2.0), states.receive())
                gateway.stream(2).events.send(error("no"))
                assertEquals(QueryState.Data(2.0), assertIs<QueryState.Failed<Double>>(states.receive()).last)
                eventually { cache.values.isEmpty() } // of a query that fails nothing is kept
            }
        }
    }

    @Test
    fun `nobody sees a value of another identity`() = test {
        val cache = Watched()
        ScriptedQuery().use { gateway ->
            start(gateway, cache, token("ada")) { client ->
                val (_, stream) = client.follow(gateway, numbers, this)
                stream.events.send(value("1", "ada"))
                cache.has("of 1")
            }
            start(gateway, cache, token("ada", iat = 2)) { client -> // the same identity
                val (states, stream) = client.follow(gateway, numbers, this)
                assertEquals(QueryState.Data(1.0, cached = true), states.receive())
                assertEquals("of 1", stream.request.resumeToken)
            }
            val others = listOf(token("bob"), token("ada", org = "other"), "opaque", null)
            for (other in others) start(gateway, cache, other) { client ->
                val (states, stream) = client.follow(gateway, numbers, this)
                assertEquals(QueryState.Loading, states.receive())
                assertEquals("", stream.request.resumeToken)
            }
            assertEquals(1, cache.values.size)
        }
        ScriptedQuery().use { elsewhere ->
            start(elsewhere, cache, token("ada")) { client ->
                assertEquals(QueryState.Loading, client.follow(elsewhere, numbers, this).first.receive())
            }
        }
    }

    @Test
    fun `in a session of two identities no value of the second one is kept for the first`() = test {
        val cache = Watched()
        val provider = ScriptedProvider(token("ada", org = "one"))
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target, provider, ClientOptions(cache = cache)).use { client ->
                client.login(this)
                val (states, stream) = client.follow(gateway, numbers, this)
                stream.events.send(value("1", "ada"))
                cache.has("of 1")
                provider.push(token("ada", iat = 2, org = "two"))
                eventually { (client.callers.value as Session).token != provider.token }
                for (n in 2..3) { // the stream is ahead of AuthState
                    stream.events.send(value("$n", "adaAtTwo"))
                    states.until { it == QueryState.Data(n.toDouble()) }
                }
            }
            start(gateway, cache, token("ada", org = "one")) { client ->
                assertEquals(QueryState.Data(1.0, cached = true), client.follow(gateway, numbers, this).first.receive())
            }
            assertFalse(cache.values.values.any { "adaAtTwo" in it.decodeToString() })
        }
    }

    @Test
    fun `signing out clears the user's values, and nobody else's`() = test {
        val cache = Watched()
        ScriptedQuery().use { gateway ->
            suspend fun keep(text: String, token: String?, then: suspend (ConvexClient) -> Unit = {}) = start(gateway, cache, token) { client ->
                val (_, stream) = client.follow(gateway, numbers, this)
                stream.events.send(value(text, if (token == null) "" else "ada"))
                cache.has("of $text")
                then(client)
            }
            keep("1", null)
            keep("2", token("bob"))
            keep("3", token("ada", org = "other"))
            keep("4", token("ada")) { client ->
                assertEquals(4, cache.values.size)
                assertTrue((client as ConvexClientWithAuth<*>).logout(this).isSuccess)
                assertEquals(2, cache.values.size) // now that the sign-out has returned
            }
            for ((token, expected) in listOf(token("ada") to false, token("ada", org = "other") to false, token("bob") to true, null to true)) {
                start(gateway, cache, token) { client ->
                    assertEquals(expected, client.follow(gateway, numbers, this).first.receive() is QueryState.Data, "$token")
                }
            }
        }
    }

    /** Runs what the client launches when a test says so, and in the order that it says. */
    private class Held : ScheduledThreadPoolExecutor(1) {
        val tasks = ArrayDeque<Runnable>()

        override fun execute(command: Runnable) {
            tasks += command
        }
    }

    /** Keeps a value of a session, ends the session, and clears its values. The tasks of both are in [held], in this order. */
    private fun signOut(cache: QueryCache, held: Held, meanwhile: () -> Unit = {}) {
        val options = ClientOptions(cache = cache, scheduler = held)
        val target = Target("127.0.0.1", 1, tls = false)
        val transport = Transport(target, options)
        val session = Session(token("ada"), transport) { null }
        val callers = MutableStateFlow<Caller>(session)
        val lastValues = LastValues(target, transport, callers, options)
        val value = LastValue("ada", "token", ByteString.copyFromUtf8("1"))
        lastValues.write(session, QueryKey.of(numbers), value)
        meanwhile()
        callers.value = Caller.Anonymous
        assertNotNull(lastValues.clear(session))
        val before = held.tasks.size
        lastValues.write(session, QueryKey.of(numbers), value) // too late
        assertEquals(before, held.tasks.size)
    }

    @Test
    fun `a value that waits to be written is not written after the values were cleared`() {
        val cache = Watched()
        val held = Held()
        signOut(cache, held)
        while (held.tasks.isNotEmpty()) held.tasks.removeLast().run() // clears first
        assertEquals(emptyMap(), cache.values.toMap())
    }

    @Test
    fun `a value that is being written is written before the values are cleared`() {
        val gate = CompletableDeferred<Unit>()
        val watched = Watched()
        val slow = object : QueryCache by watched {
            override suspend fun write(key: QueryCache.Key, bytes: ByteArray) {
                gate.await()
                watched.write(key, bytes)
            }
        }
        val held = Held()
        signOut(slow, held) { held.tasks.removeFirst().run() } // the write waits now
        held.tasks.removeFirst().run() // so that the clearing waits for it
        gate.complete(Unit)
        while (held.tasks.isNotEmpty()) held.tasks.removeFirst().run()
        assertEquals(emptyMap(), watched.values.toMap())
    }

    @Test
    fun `a null token and the sign-in of another user clear the values, too`() = test {
        val provider = ScriptedProvider("")
        val ends = listOf<suspend (ConvexClientWithAuth<String>) -> Unit>(
            { provider.push(null) },
            {
                provider.token = token("bob")
                it.login(this)
            },
        )
        for (end in ends) ScriptedQuery().use { gateway ->
            val cache = Watched()
            provider.token = token("ada")
            ConvexGatewayClient(gateway.target, provider, ClientOptions(cache = cache)).use { client ->
                client.login(this)
                val (_, stream) = client.follow(gateway, numbers, this)
                stream.events.send(value("1", "ada"))
                cache.has("of 1")
                end(client)
                eventually { cache.values.isEmpty() }
            }
        }
    }

    @Test
    fun `damaged values, and those of other types, are as none`() = test {
        val cache = Watched()
        ScriptedQuery().use { gateway ->
            start(gateway, cache) { client ->
                client.follow(gateway, numbers, this).second.events.send(value("1"))
                cache.has("of 1")
            }
            val (key, bytes) = cache.values.entries.single().toPair()
            val damaged = listOf(byteArrayOf(), bytes.copyOf(3), bytes.copyOf(bytes.size - 1), bytes.clone().also { it[bytes.size - 1]++ }, ByteArray(99))
            for (instead in damaged) {
                cache.write(key, instead)
                start(gateway, cache) { client ->
                    val (states, stream) = client.follow(gateway, numbers, this)
                    assertEquals(QueryState.Loading, states.receive())
                    assertEquals("", stream.request.resumeToken)
                }
            }
            cache.write(key, bytes)
            start(gateway, cache) { client ->
                val (states, stream) = client.follow(gateway, query<String>(numbers.path, numbers.args), this)
                stream.events.send(value("\"text\""))
                assertEquals(QueryState.Data("text"), states.until { it != QueryState.Loading })
            }
        }
    }

    @Test
    fun `a cache that fails is as none, and a warning`() = test {
        val logged = ConcurrentLinkedQueue<String>()
        val failing = object : QueryCache {
            override suspend fun read(key: QueryCache.Key): ByteArray? = throw IOException("the disk")
            override suspend fun write(key: QueryCache.Key, bytes: ByteArray) = throw IOException("the disk")
            override suspend fun remove(key: QueryCache.Key) = throw CancellationException("its own")
            override suspend fun clear(owner: String) = throw IOException("the disk")
        }
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target, ClientOptions(cache = failing, logger = { level, _, _ -> logged += "$level" })).use { client ->
                val (states, stream) = client.follow(gateway, numbers, this)
                assertEquals(QueryState.Loading, states.receive())
                stream.events.send(value("1"))
                assertEquals(QueryState.Data(1.0), states.receive())
                stream.events.send(error("no"))
                assertIs<QueryState.Failed<Double>>(states.receive())
                eventually { logged.toList() == List(3) { "WARN" } }
            }
        }
    }

    @Test
    fun `a resume token that the gateway refuses is left out, and its value with it`() = test {
        val watched = Watched()
        ConvexGatewayClient(dev.target, ClientOptions(cache = watched)).use { client ->
            val counter = query<Double>("counter:get", mapOf("name" to fresh("x")))
            client.lastValues.write(Caller.Anonymous, QueryKey.of(counter), LastValue("", "no token!", ByteString.copyFromUtf8("7")))
            watched.has("no token!")
            val states = client.states(counter).events(this)
            assertEquals(QueryState.Data(7.0, cached = true), states.receive())
            assertEquals(QueryState.Data(0.0), states.receive())
            eventually { watched.values.values.none { "no token!" in it.decodeToString() } }
        }
    }

    @Test
    fun `memory holds so many bytes, and drops what was used the longest time ago`() = test {
        val cache = MemoryQueryCache(maxBytes = 10)
        val (a, b, c) = List(3) { QueryCache.Key("owner", "$it") }
        cache.write(a, ByteArray(4))
        cache.write(b, ByteArray(4))
        assertNotNull(cache.read(a))
        cache.write(c, ByteArray(4))
        assertNull(cache.read(b))
        assertNotNull(cache.read(a))
        cache.write(a, ByteArray(11)) // is too large, and the earlier value is no longer the last one
        assertNull(cache.read(a))
        cache.write(b, byteArrayOf(1))
        assertContentEquals(byteArrayOf(1), cache.read(b))
        assertNotNull(cache.read(c))
        cache.clear("another")
        assertNotNull(cache.read(c))
        cache.clear("owner")
        assertNull(cache.read(c))
    }

    @Test
    fun `what tokens of one identity have in common is without their times`() {
        val claims = assertNotNull(StableClaims.of(token("ada")))
        assertEquals(claims, StableClaims.of(token("ada", iat = 2)))
        assertNotEquals(claims.all, StableClaims.of(token("ada", org = "other"))?.all)
        assertEquals(claims.user, StableClaims.of(token("ada", org = "other"))?.user)
        assertNotEquals(claims.user, StableClaims.of(token("bob"))?.user)
        assertNull(StableClaims.of("opaque"))
        assertNull(StableClaims.of("e." + Base64.UrlSafe.encode("""{"iss":"x"}""".toByteArray()) + ".s"))
    }
}
