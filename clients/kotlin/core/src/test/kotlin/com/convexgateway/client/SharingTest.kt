package com.convexgateway.client

import com.convexgateway.client.ScriptedQuery.Companion.error
import com.convexgateway.client.ScriptedQuery.Companion.unchanged
import com.convexgateway.client.ScriptedQuery.Companion.value
import io.grpc.Status
import io.grpc.StatusException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.atomic.AtomicInteger
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertSame
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onCompletion
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.onStart
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield

/** Equal subscriptions share one stream, and nothing else. */
class SharingTest {
    private val dev = DevGateway.shared
    private val numbers = query<Double>("m:f")

    private suspend fun scripted(provider: AuthProvider<String>? = null, body: suspend (ScriptedQuery, ConvexClient) -> Unit) =
        ScriptedQuery().use { gateway ->
            val client = if (provider == null) ConvexGatewayClient(gateway.target) else ConvexGatewayClient(gateway.target, provider)
            client.use { body(gateway, it) }
        }

    @Test
    fun `an update for five hundred equal subscriptions is sent once`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val all = List(500) { channel.messages(client).events(this) }
                    all.forEach { assertEquals(emptyList(), it.receive().bodies()) }
                    val before = proxy.bytes
                    val body = "x".repeat(14_000)
                    channel.send(body)
                    all.forEach { assertEquals(listOf(body), it.receive().bodies()) }
                    assertTrue(proxy.bytes - before < 3 * body.length, "${proxy.bytes - before} bytes")
                }
            }
        }
    }

    @Test
    fun `a later collector gets the newest result at once, and the last one ends the stream`() = test {
        scripted { gateway, client ->
            val first = client.subscribe(numbers).events(this)
            gateway.stream(1).events.send(value("1"))
            assertEquals(1.0, first.receive().getOrThrow())
            gateway.stream(1).events.send(value("2"))
            assertEquals(2.0, first.receive().getOrThrow())
            assertEquals(2.0, client.subscribe(numbers).first().getOrThrow())
            assertEquals(1, gateway.opened.size)

            val last = launch { client.subscribe(numbers).collect() }
            first.cancel()
            gateway.stream(1).events.send(value("3")) // the first collector ends when it cannot send any more
            assertEquals(3.0, client.subscribe(numbers).first { it.getOrThrow() == 3.0 }.getOrThrow())
            assertEquals(1, gateway.open.get())
            last.cancelAndJoin()
            eventually { gateway.open.get() == 0 }
            val next = client.subscribe(numbers).events(this)
            assertEquals("", gateway.stream(2).request.resumeToken)
            gateway.stream(2).events.send(value("4"))
            assertEquals(4.0, next.receive().getOrThrow())
        }
    }

    @Test
    fun `equal are path and arguments, in any order`() = test {
        scripted { gateway, client ->
            val calls = listOf<Map<String, Any?>>(
                mapOf("a" to 1, "b" to mapOf("c" to 1.5, "d" to listOf("x"))), mapOf("b" to mapOf("d" to listOf("x"), "c" to 1.5), "a" to 1),
                mapOf("a" to 1.0, "b" to mapOf("c" to 1.5, "d" to listOf("x"))), mapOf("a" to 1), emptyMap(),
            )
            val seen = calls.map { client.subscribe<Double>("m:f", it).events(this) } + client.subscribe<Double>("m:g").events(this)
            eventually { gateway.opened.size == 5 }
            for (stream in gateway.opened) stream.events.send(value("1"))
            seen.forEach { assertEquals(1.0, it.receive().getOrThrow()) }
            assertEquals(5, gateway.opened.size)
            assertEquals(listOf("m:f", "m:f", "m:f", "m:f", "m:g"), gateway.opened.map { it.request.path }.sorted())
        }
    }

    @Test
    fun `a collector that does not keep up delays no other, and gets the newest`() = test {
        scripted { gateway, client ->
            val held = CompletableDeferred<Unit>()
            val begun = CompletableDeferred<Unit>()
            val slow = client.subscribe(numbers).map { it.getOrThrow() }.onEach {
                begun.complete(Unit)
                held.await()
            }.events(this)
            gateway.stream(1).events.send(value("0"))
            begun.await()
            val fast = client.subscribe(numbers).events(this)
            for (n in 1..100) {
                gateway.stream(1).events.send(value("$n"))
                fast.until { it.getOrThrow() == n.toDouble() }
            }
            held.complete(Unit)
            val seen = mutableListOf<Double>()
            slow.until { seen.add(it); it == 100.0 }
            assertEquals(seen.sorted(), seen)
            assertTrue(seen.size <= 17, "$seen")
            assertEquals(0.0, seen.first())
        }
    }

    @Test
    fun `large results do not wait, but for the newest`() = test {
        scripted { gateway, client ->
            val held = CompletableDeferred<Unit>()
            val begun = CompletableDeferred<Unit>()
            val texts = query<String>("m:f")
            val slow = client.subscribe(texts).map { it.getOrThrow().first() }.onEach {
                begun.complete(Unit)
                held.await()
            }.events(this)
            gateway.stream(1).events.send(value("\"0\""))
            begun.await()
            val fast = client.subscribe(texts).events(this)
            for (n in '1'..'5') {
                gateway.stream(1).events.send(value("\"${n.toString().repeat(600_000)}\""))
                fast.until { it.getOrThrow().first() == n }
            }
            held.complete(Unit)
            assertEquals('0', slow.receive())
            assertEquals('5', slow.receive())
        }
    }

    @Test
    fun `collectors that come and go see one sequence, and the stream is one or none`() = test(2.minutes) {
        val number = MutableStateFlow(0)
        val open = AtomicInteger()
        val most = AtomicInteger()
        ScriptedGateway().use { gateway ->
            gateway.subscribe = {
                number.map { value("$it") }
                    .onStart { most.accumulateAndGet(open.incrementAndGet(), ::maxOf) }
                    .onCompletion { open.decrementAndGet() }
            }
            ConvexGatewayClient(gateway.target).use { client ->
                val staying = launch { client.subscribe(numbers).collect() }
                val workers = List(16) { worker ->
                    async {
                        var last = 0.0
                        repeat(100) { round ->
                            val seen = client.subscribe(numbers).map { it.getOrThrow() }.take(1 + (worker + round) % 3).toList()
                            assertTrue(seen.first() >= last && seen.zipWithNext().all { (a, b) -> a < b }, "$seen after $last")
                            last = seen.last()
                        }
                        last
                    }
                }
                val writer = launch { while (true) number.value++.also { yield() } }
                workers.awaitAll()
                writer.cancelAndJoin()
                val end = number.value.toDouble()
                assertEquals(end, client.subscribe(numbers).first { it.getOrThrow() == end }.getOrThrow())
                assertEquals(1, most.get())
                staying.cancelAndJoin()
                eventually { open.get() == 0 }
            }
        }
    }

    @Test
    fun `a collector that runs in the thread of the update may wait for other collectors`() = test {
        scripted { gateway, client ->
            val seen = Channel<String?>(Channel.UNLIMITED)
            launch(Dispatchers.Unconfined) {
                client.subscribe(numbers).collect { // failures need not be decoded, for which the thread is left
                    val other = CompletableFuture.supplyAsync { runBlocking { client.subscribe(numbers).first() } }
                    seen.send(other.get().exceptionOrNull()?.message)
                }
            }
            for (n in 1..3) {
                gateway.stream(1).events.send(error("$n"))
                assertEquals("$n", seen.receive())
            }
        }
    }

    @Test
    fun `a collector that throws ends alone`() = test {
        scripted { gateway, client ->
            val seen = client.subscribe(numbers).events(this)
            val failing = client.subscribe(numbers).onEach { throw IllegalStateException("the app's") }.events(this)
            gateway.stream(1).events.send(value("1"))
            assertEquals(1.0, seen.receive().getOrThrow())
            assertEquals("the app's", runCatching { failing.receive() }.exceptionOrNull()?.message)
            gateway.stream(1).events.send(value("2"))
            assertEquals(2.0, seen.receive().getOrThrow())
            assertEquals(1, gateway.opened.size)
        }
    }

    @Test
    fun `collectors with one decoder share what it returns, and others read it in their own way`() = test {
        scripted { gateway, client ->
            val lists = query<List<Double>>("m:f")
            val all = List(3) { client.subscribe(lists).events(this) }
            val other = client.subscribe<List<Long>>("m:f").events(this)
            val wrong = client.subscribe<String>("m:f").events(this)
            gateway.stream(1).events.send(value("[1]"))
            val first = all[0].receive().getOrThrow()
            all.drop(1).forEach { assertSame(first, it.receive().getOrThrow()) }
            assertEquals(listOf(1L), other.receive().getOrThrow())
            assertIs<InternalError>(wrong.receive().exceptionOrNull())
            assertEquals(1, gateway.opened.size)
        }
    }

    @Test
    fun `after a failure of the gateway the value comes again when it is still the result`() = test {
        var streams = 0
        ScriptedGateway().use { gateway ->
            gateway.subscribe = {
                streams++
                flow {
                    if (streams == 1) emit(value("1"))
                    if (streams == 3) emit(unchanged())
                    if (streams < 3) throw StatusException(Status.RESOURCE_EXHAUSTED) else awaitCancellation()
                }
            }
            ConvexGatewayClient(gateway.target, ClientOptions(scheduler = FastScheduler(20))).use { client ->
                val seen = client.subscribe(numbers).events(this)
                assertEquals(1.0, seen.receive().getOrThrow())
                assertIs<GatewayError>(seen.receive().exceptionOrNull())
                assertEquals(1.0, seen.receive().getOrThrow())
                assertNull(seen.tryReceive().getOrNull())
            }
        }
    }

    @Test
    fun `results that wait for a collector are not emitted after the user has signed out`() = test {
        val provider = ScriptedProvider("ada:1")
        scripted(provider) { gateway, client ->
            (client as ConvexClientWithAuth<*>).login(this)
            val held = CompletableDeferred<Unit>()
            val begun = CompletableDeferred<Unit>()
            val slow = client.subscribe(numbers).map { it.getOrThrow() }.onEach {
                begun.complete(Unit)
                held.await()
            }.events(this)
            gateway.stream(1).events.send(value("1", "ada"))
            begun.await()
            val fast = client.subscribe(numbers).events(this)
            for (n in 2..5) {
                gateway.stream(1).events.send(value("$n", "ada"))
                fast.until { it.getOrThrow() == n.toDouble() }
            }
            client.logout(this)
            val late = client.subscribe(numbers).events(this)
            held.complete(Unit)
            gateway.stream(2).events.send(value("10"))
            assertEquals(1.0, slow.receive()) // was emitted before
            for (next in listOf(slow.receive(), fast.receive().getOrThrow(), late.receive().getOrThrow())) assertEquals(10.0, next)
        }
    }

    @Test
    fun `results of another identity of the session are not emitted, and are asked for again`() = test {
        val provider = ScriptedProvider("ada:1")
        scripted(provider) { gateway, client ->
            (client as ConvexClientWithAuth<*>).login(this)
            val held = CompletableDeferred<Unit>()
            val begun = CompletableDeferred<Unit>()
            val slow = client.subscribe(numbers).map { it.getOrThrow() }.onEach {
                begun.complete(Unit)
                held.await()
            }.events(this)
            val states = client.states(numbers).events(this)
            assertEquals(QueryState.Loading, states.receive())
            gateway.stream(1).events.send(value("1", "ada"))
            begun.await()
            assertEquals(QueryState.Data(1.0), states.receive())
            gateway.stream(1).events.send(value("2", "ada"))
            assertEquals(QueryState.Data(2.0), states.receive())
            eventually { (client.callers.value as Session).identities.current == "ada" }
            gateway.tag.value = "adaAtWork"
            assertEquals(QueryState.Loading, states.receive())
            val late = client.subscribe(numbers).events(this)
            held.complete(Unit)
            gateway.stream(2).events.send(value("3", "adaAtWork")) // a gateway is silent on the first one if the result is the same
            assertEquals(listOf(1.0, 3.0), listOf(slow.receive(), slow.receive()))
            assertEquals(3.0, late.receive().getOrThrow())
            assertEquals(QueryState.Data(3.0), states.receive())
        }
    }

    @Test
    fun `the same result for another identity of the session is emitted once to those who have it`() = test {
        val provider = ScriptedProvider("ada:1")
        scripted(provider) { gateway, client ->
            (client as ConvexClientWithAuth<*>).login(this)
            val seen = client.subscribe(numbers).events(this)
            gateway.stream(1).events.send(value("1", "ada"))
            assertEquals(1.0, seen.receive().getOrThrow())
            eventually { (client.callers.value as Session).identities.current == "ada" }
            gateway.tag.value = "adaAtWork"
            gateway.stream(2).events.send(value("1", "adaAtWork"))
            assertEquals(1.0, client.subscribe(numbers).first().getOrThrow())
            gateway.stream(2).events.send(value("2", "adaAtWork"))
            assertEquals(2.0, seen.receive().getOrThrow())
        }
    }

    @Test
    fun `a closed client ends the subscriptions that it has, and those to come`() = test {
        scripted { gateway, client ->
            val all = List(3) { client.subscribe(numbers).events(this) } + List(1) { client.subscribe<Double>("m:g").events(this) }
            eventually { gateway.opened.size == 2 }
            client.close()
            all.forEach { assertTrue(it.receiveCatching().isClosed) }
            assertTrue(client.subscribe(numbers).events(this).receiveCatching().isClosed)
        }
    }
}
