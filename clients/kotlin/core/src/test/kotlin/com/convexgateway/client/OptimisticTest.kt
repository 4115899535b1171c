package com.convexgateway.client

import com.convexgateway.client.ScriptedWatch.Companion.committed
import com.convexgateway.client.ScriptedWatch.Companion.value
import io.grpc.Status
import io.grpc.StatusException
import java.util.UUID
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/** What a mutation will write is shown at once, and never beside what it has written. */
class OptimisticTest {
    private val dev = DevGateway.shared
    private val number = query<Double>("m:n")
    private val add = mutation<Double?>("m:add")

    /** The ways to follow a query. */
    private val ways = listOf<Pair<ClientOptions, ConvexClient.(Query<Double>) -> Flow<QueryState<Double>>>>(
        ClientOptions() to { states(it) },
        ClientOptions(singleStream = true) to { states(it) },
        ClientOptions() to { query -> watch { add(query) }.map { it[query] } },
    )

    /** Of a client whose timers are slow. */
    private val slow = ClientOptions(scheduler = FastScheduler(0.02))

    private fun counter() = "c-${UUID.randomUUID()}".let { name ->
        query<Double>("counter:get", mapOf("name" to name)) to { by: Double -> mutation<Double>("counter:add", mapOf("name" to name, "by" to by)) }
    }

    /** Options with which new calls wait while [gate] is false. */
    private fun gated(gate: MutableStateFlow<Boolean>) =
        ClientOptions(headers = { emptyMap<String, String>().also { gate.first { it } } })

    private fun data(value: Double, pending: Boolean = false) = QueryState.Data(value, pending)

    private suspend fun watching(
        options: ClientOptions = ClientOptions(),
        body: suspend (ScriptedWatch, ScriptedWatch.Stream, ConvexClient, ReceiveChannel<QueryState<Double>>) -> Unit,
    ) =
        ScriptedWatch().use { gateway ->
            ConvexGatewayClient(gateway.gateway.target, options = options).use { client ->
                coroutineScope {
                    val states = client.watch { add(number) }.map { it[number] }.events(this)
                    val stream = gateway.stream(1)
                    stream.send(value(1, "1"), time = 10)
                    states.until { it == data(1.0) }
                    body(gateway, stream, client, states)
                    coroutineContext.cancelChildren()
                }
            }
        }

    @Test
    fun `shown at once, then confirmed, however the query is followed`() = test {
        for ((options, follow) in ways) for (user in listOf(null, "ada")) {
            client(options, user).use { client ->
                user?.let { (client as ConvexClientWithAuth<*>).login(this) }
                val (get, addTo) = counter()
                val states = client.follow(get).events(this)
                states.until { it == data(0.0) }
                client.mutate(addTo(2.0)) { store -> store.update(get) { it + 2 } }
                assertEquals(data(2.0, pending = true), states.receive())
                states.until { it == data(2.0) || !assertIs<QueryState.Data<Double>>(it).pending }.let { assertEquals(data(2.0), it) }
                assertEquals(data(2.0), client.follow(get).first { it is QueryState.Data })
            }
        }
    }

    @Test
    fun `a mutation that leaves the result as it is ends its update, too`() = test {
        for ((options, follow) in ways) for (user in listOf(null, "ada")) {
            client(options, user).use { client ->
                user?.let { (client as ConvexClientWithAuth<*>).login(this) }
                val (get, addTo) = counter()
                val states = client.follow(get).events(this)
                states.until { it == data(0.0) }
                client.mutate(addTo(0.0)) { store -> store.update(get) { it + 1 } }
                assertEquals(listOf(data(1.0, pending = true), data(0.0)), List(2) { states.receive() })
            }
        }
    }

    private fun client(options: ClientOptions, user: String?) =
        if (user == null) ConvexGatewayClient(dev.target, options = options) else ConvexGatewayClient(dev.target, DevProvider(dev, user), options)

    @Test
    fun `an update is dropped at once when its mutation fails`() = test {
        watching { gateway, _, client, states ->
            val failed = async { runCatching { client.mutate(add) { store -> store.update(number) { it + 1 } } } }
            assertEquals(data(2.0, pending = true), states.receive())
            gateway.answers.send(Result.failure(StatusException(Status.FAILED_PRECONDITION)))
            assertEquals(data(1.0), states.receive())
            assertIs<ConvexException>(failed.await().exceptionOrNull())
        }
    }

    @Test
    fun `updates run again on each result, in the order of their mutations`() = test {
        watching { gateway, stream, client, states ->
            launch { runCatching { client.mutate(add) { store -> store.update(number) { it * 10 } } } }
            assertEquals(data(10.0, pending = true), states.receive())
            launch { runCatching { client.mutate(add) { store -> store.update(number) { it + 1 } } } }
            assertEquals(data(11.0, pending = true), states.receive())
            stream.send(value(1, "2"), time = 20)
            assertEquals(data(21.0, pending = true), states.receive())
            repeat(2) { gateway.answers.send(Result.failure(StatusException(Status.FAILED_PRECONDITION))) }
            assertEquals(data(2.0), states.until { it == data(2.0) })
        }
    }

    @Test
    fun `a result that comes before the answer is not shown with the update`() = test {
        watching(slow) { gateway, stream, client, states ->
            launch { client.mutate(add) { store -> store.update(number) { it + 1 } } }
            assertEquals(data(2.0, pending = true), states.receive())
            stream.send(value(1, "2"), time = 30)
            stream.reconnecting()
            eventually { client.connection.value.state == Connection.State.DEPLOYMENT_LOST } // it has the result
            gateway.answers.send(committed(30))
            assertEquals(data(2.0), states.receive())
        }
    }

    @Test
    fun `a checkpoint ends the update of a result that stays`() = test {
        watching { gateway, stream, client, states ->
            val call = async { client.mutate(add) { store -> store.update(number) { it + 1 } } }
            assertEquals(data(2.0, pending = true), states.receive())
            gateway.answers.send(committed(30))
            val checkpoint = stream.commands.until { it.hasCheckpoint() }.checkpoint
            assertEquals(0 to 30L, checkpoint.group to checkpoint.minReadTime.nanos())
            stream.send(time = 29)
            assertTrue(call.isActive)
            stream.send(time = 30)
            assertEquals(data(1.0), states.receive())
            assertNull(call.await())
        }
    }

    @Test
    fun `a mutation without an update returns when the results have the write`() = test {
        for (user in listOf(null, "ada")) {
            client(ClientOptions(singleStream = true), user).use { client ->
                user?.let { (client as ConvexClientWithAuth<*>).login(this) }
                val (get, addTo) = counter()
                val states = client.states(get).events(this)
                states.until { it == data(0.0) }
                for (n in 1..50) {
                    client.mutate(addTo(1.0))
                    assertEquals(data(n.toDouble()), client.states(get).first { it is QueryState.Data })
                }
            }
        }
    }

    @Test
    fun `a mutation without an update waits for a screen, with one checkpoint at a time`() = test {
        watching(slow) { gateway, stream, client, states ->
            val calls = List(3) { async { client.mutate(add) } }
            for (time in listOf(30L, 50L, 40L)) gateway.answers.send(committed(time))
            val first = stream.commands.until { it.hasCheckpoint() }.checkpoint.minReadTime.nanos()
            stream.send(value(1, "2"), time = 29)
            assertEquals(data(2.0), states.receive())
            eventually { gateway.answers.isEmpty }
            assertTrue(calls.all { it.isActive })
            stream.send(time = first)
            if (first < 50) {
                val next = stream.commands.until { it.hasCheckpoint() }.checkpoint.minReadTime.nanos()
                assertTrue(next > first)
                stream.send(time = 50)
            }
            calls.awaitAll()
            assertNull(stream.commands.tryReceive().getOrNull())
        }
    }

    @Test
    fun `a mutation whose write the results have returns at once`() = test {
        watching { gateway, stream, client, states ->
            stream.send(value(1, "2"), time = 30)
            assertEquals(data(2.0), states.receive())
            gateway.answers.send(committed(30))
            client.mutate(add)
            repeat(2) { stream.commands.receive() } // open and add, and no checkpoint
            assertNull(stream.commands.tryReceive().getOrNull())
        }
    }

    @Test
    fun `an update that throws is logged, and the mutation is made`() = test {
        val logged = CopyOnWriteArrayList<String>()
        val options = ClientOptions(logger = { _, message, _ -> logged += message })
        ConvexGatewayClient(dev.target, options = options).use { client ->
            val (get, addTo) = counter()
            val states = client.states(get).events(this)
            states.until { it == data(0.0) }
            client.mutate(addTo(1.0)) { store ->
                store.update(get) { it + 5 }
                error("wrong")
            }
            assertEquals(data(1.0), states.receive())
            assertEquals(1, logged.count { "counter:add" in it })
        }
    }

    @Test
    fun `the store keeps a null apart from a result that is not loaded, and gives copies`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val me = query<Me?>("users:me")
            val (get, addTo) = counter()
            val channel = TestChannel(client)
            channel.send("one")
            val rows = query<List<Message>>("messages:list", mapOf("channel" to channel.name))
            val states = client.watch { add(me); add(get); add(rows) }.events(this)
            states.until { it.isComplete }
            val seen = CopyOnWriteArrayList<Any?>()
            client.mutate(addTo(1.0)) { store ->
                seen += store[me]
                seen += store[query<Double>("counter:get", mapOf("name" to "another"))]
                (store[rows]!!.value as MutableList<Message>).clear()
                seen += store[rows]!!.value.size
            }
            assertNull((seen[0] as Loaded<*>).value)
            assertEquals<List<Any?>>(listOf(null, 1), seen.subList(1, 3))
        }
    }

    @Test
    fun `an update of several pages is shown at once`() = test {
        val gate = MutableStateFlow(true)
        ConvexGatewayClient(dev.target, options = gated(gate)).use { client ->
            val channel = TestChannel(client)
            for (n in 1..8) channel.send("$n")
            val list = query<Page<Message>>("messages:page", mapOf("channel" to channel.name))
            val paged = client.paginate(list, pageSize = 2)
            val items = paged.items.map { rows -> rows.map { it.body } }.events(this)
            for (size in listOf(2, 4, 6, 8)) {
                items.until { it.size == size }
                paged.status.first { it != PagedStatus.LoadingMore }
                paged.loadMore()
            }
            val all = (8 downTo 1).map { "$it" }
            repeat(20) { n ->
                gate.value = false
                val failing = async { runCatching { client.mutate(mutation<String>("errors:crashMutation")) { store -> store.replace(list) { it.copy(body = "$n!") } } } }
                assertEquals(List(8) { "$n!" }, items.receive())
                gate.value = true
                assertEquals(all, items.receive())
                assertIs<ServerError>(failing.await().exceptionOrNull())
            }
        }
    }

    @Test
    fun `lists by pages`() = test {
        val gate = MutableStateFlow(true)
        ConvexGatewayClient(dev.target, options = gated(gate)).use { client ->
            val channel = TestChannel(client)
            for (n in 1..5) channel.send("$n")
            val list = query<Page<Message>>("messages:page", mapOf("channel" to channel.name))
            val paged = client.paginate(list, pageSize = 3)
            val items = paged.items.map { rows -> rows.map { it.body } }.events(this)
            items.until { it.size == 3 }
            paged.status.first { it == PagedStatus.CanLoadMore }
            paged.loadMore()
            val all = items.until { it.size == 5 }
            val row = Message("new", "test", "new")
            val cases = listOf<Pair<List<String>, (OptimisticStore) -> Unit>>(
                listOf("new") + all to { it.insertFirst(list, row) },
                all + "new" to { it.insertLast(list, row) },
                all.map { "$it!" } to { store -> store.replace(list) { it.copy(body = it.body + "!") } },
                all - "3" to { store -> store.remove(list) { it.body == "3" } },
            )
            for ((expected, update) in cases) {
                gate.value = false
                val failing = async { runCatching { client.mutate(mutation<String>("errors:crashMutation"), update) } }
                assertEquals(expected, items.until { it == expected })
                gate.value = true
                assertEquals(all, items.until { it == all })
                assertIs<ServerError>(failing.await().exceptionOrNull())
            }
        }
    }
}
