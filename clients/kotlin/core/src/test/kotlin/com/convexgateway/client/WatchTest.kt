package com.convexgateway.client

import com.convexgateway.client.ScriptedWatch.Companion.removed
import com.convexgateway.client.ScriptedWatch.Companion.unchanged
import com.convexgateway.client.ScriptedWatch.Companion.value
import io.grpc.Status.Code
import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.channels.ReceiveChannel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch

/** Several queries on one stream, whose results are of one time. */
class WatchTest {
    private val dev = DevGateway.shared
    private val a = query<Double>("m:a")
    private val b = query<Double>("m:b")

    private suspend fun scripted(provider: AuthProvider<String>? = null, body: suspend (ScriptedWatch, ConvexClient) -> Unit) =
        ScriptedWatch().use { gateway ->
            val client = if (provider == null) ConvexGatewayClient(gateway.gateway.target) else ConvexGatewayClient(gateway.gateway.target, provider)
            client.use { body(gateway, it) }
        }

    private fun Snapshot.numbers() = listOf(this[a], this[b]).map { (it as? QueryState.Data)?.value }

    private suspend fun ReceiveChannel<Snapshot>.numbers() = receive().numbers()

    @Test
    fun `two queries over the same rows never differ, whatever is cut`() = test(2.minutes) {
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target).use { client ->
                ConvexGatewayClient(dev.target).use { other ->
                    val channel = TestChannel(other)
                    val all = query<List<Message>>("messages:list", mapOf("channel" to channel.name))
                    val last = query<List<Message>>("messages:list", mapOf("channel" to channel.name, "limit" to 3.0))
                    val snapshots = client.watch { add(all); add(last) }.events(this)
                    launch {
                        for (n in 1..60) {
                            channel.send("$n")
                            if (n % 20 == 0) proxy.cut()
                        }
                    }
                    var sizes = 0
                    snapshots.until { snapshot ->
                        val (rows, newest) = listOf(all, last).map { (snapshot[it] as? QueryState.Data)?.value?.map { row -> row.body } }
                        if (rows != null && newest != null) {
                            assertEquals(rows.takeLast(3), newest)
                            assertTrue(rows.size >= sizes, "went back")
                            sizes = rows.size
                        }
                        sizes == 50 && newest?.last() == "60"
                    }
                }
            }
        }
    }

    @Test
    fun `a function's error is one of its query`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val crash = query<String>("errors:crash")
            val wrong = query<String>("not a path")
            val me = query<Me?>("users:me")
            val snapshot = client.watch { add(crash); add(me); add(wrong) }.first { it[me] is QueryState.Data && it[wrong] is QueryState.Failed && it[crash] is QueryState.Failed }
            assertNull(assertIs<QueryState.Data<Me?>>(snapshot[me]).value)
            assertIs<ServerError>(assertIs<QueryState.Failed<String>>(snapshot[crash]).error)
            assertEquals("INVALID_PATH", assertIs<GatewayError>(assertIs<QueryState.Failed<String>>(snapshot[wrong]).error).reason)
            assertFailsWith<IllegalArgumentException> { snapshot[query<String>("m:other")] }
        }
    }

    @Test
    fun `newer tokens are sent inside the stream`() = test(2.minutes) {
        val provider = DevProvider(dev, "watch" + UUID.randomUUID().toString().filter { it.isLetterOrDigit() })
        provider.ttl = "4s"
        TcpProxy(dev.grpc).use { proxy ->
            ConvexGatewayClient(proxy.target, provider).use { client ->
                client.login(this)
                val channel = TestChannel(client)
                val rows = query<List<Message>>("messages:list", mapOf("channel" to channel.name))
                val me = query<Me?>("users:me")
                val snapshots = client.watch { add(rows); add(me) }.events(this)
                for (n in 1..4) {
                    val asked = provider.asked.get()
                    eventually { provider.asked.get() > asked }
                    channel.send("$n")
                    snapshots.until { (it[rows] as? QueryState.Data)?.value?.size == n && (it[me] as? QueryState.Data)?.value?.subject == "user_${provider.user}" }
                }
                assertEquals(1, proxy.carried("users:me"))
            }
        }
    }

    @Test
    fun `a screen is that of the user who is signed in`() = test {
        val provider = DevProvider(dev, "ada")
        ConvexGatewayClient(dev.target, provider).use { client ->
            val me = query<Me?>("users:me")
            val snapshots = client.watch { add(me) }.events(this)
            assertEquals(QueryState.Loading, snapshots.receive()[me])
            snapshots.until { it[me] == QueryState.Data(null) }
            for (user in listOf("ada", "grace")) {
                provider.user = user
                client.login(this)
                assertEquals(QueryState.Loading, snapshots.receive()[me])
                val state = snapshots.until { it[me] != QueryState.Loading }[me]
                assertEquals("user_$user", assertIs<QueryState.Data<Me?>>(state).value?.subject)
            }
        }
    }

    @Test
    fun `parts are applied when the last has come`() = test {
        scripted { gateway, client ->
            val snapshots = client.watch { add(a); add(b) }.events(this)
            assertEquals(listOf(null, null), snapshots.numbers())
            val stream = gateway.stream(1)
            assertEquals(listOf("m:a" to 1, "m:b" to 2), List(2) { stream.added().let { it.path to it.target } })
            stream.send(value(1, "1"), value(2, "1"), time = 10)
            assertEquals(listOf(1.0, 1.0), snapshots.numbers())
            stream.send(value(1, "2"), time = 20, more = true, complete = false)
            stream.send(value(2, "2"), time = 20)
            assertEquals(listOf(2.0, 2.0), snapshots.numbers())
        }
    }

    @Test
    fun `another stream sends the tokens, and shows nothing until all is there`() = test {
        scripted { gateway, client ->
            val snapshots = client.watch { add(a); add(b) }.events(this)
            gateway.stream(1).send(value(1, "1"), value(2, "1"), time = 10)
            snapshots.until { it.numbers() == listOf(1.0, 1.0) }
            gateway.stream(1).responses.close()
            val stream = gateway.stream(2)
            assertEquals(listOf("of 1", "of 1"), List(2) { stream.added().resumeToken })
            stream.send(value(1, "2"), time = 20, complete = false)
            stream.send(unchanged(2), time = 20)
            assertEquals(listOf(2.0, 1.0), snapshots.numbers())
            stream.send(value(2, "3"), time = 30)
            assertEquals(listOf(2.0, 3.0), snapshots.numbers())
        }
    }

    @Test
    fun `while the gateway has lost the deployment, what it sends is shown`() = test {
        scripted { gateway, client ->
            val snapshots = client.watch { add(a); add(b) }.events(this)
            val stream = gateway.stream(1)
            stream.send(value(1, "1"), value(2, "1"), time = 10)
            snapshots.until { it.numbers() == listOf(1.0, 1.0) && it.isComplete }
            stream.reconnecting()
            eventually { client.connection.value.state == Connection.State.DEPLOYMENT_LOST }
            stream.send(value(1, "2"), time = 20, complete = false)
            snapshots.receive().let { assertEquals(listOf(2.0, 1.0) to false, it.numbers() to it.isComplete) }
            stream.send(value(2, "2"), time = 20)
            snapshots.receive().let { assertEquals(listOf(2.0, 2.0) to true, it.numbers() to it.isComplete) }
        }
    }

    @Test
    fun `a removed query fails alone, and a page begins again`() = test {
        scripted { gateway, client ->
            val snapshots = client.watch { add(a); add(b) }.events(this)
            val stream = gateway.stream(1)
            repeat(2) { stream.added() }
            stream.send(value(1, "1"), value(2, "1"), time = 10)
            snapshots.until { it.numbers() == listOf(1.0, 1.0) }
            stream.send(removed(2, Code.ABORTED, "PAGE_RESTART"), complete = false)
            stream.added().let { assertEquals(Triple("m:b", 3, ""), Triple(it.path, it.target, it.resumeToken)) }
            stream.send(value(3, "2"), time = 20)
            assertEquals(listOf(1.0, 2.0), snapshots.until { it.numbers() != listOf(1.0, 1.0) }.numbers())
            stream.send(removed(1, Code.INVALID_ARGUMENT, "INVALID_VALUE"), complete = false)
            val failed = assertIs<QueryState.Failed<Double>>(snapshots.until { it[a] is QueryState.Failed }[a])
            assertEquals("INVALID_VALUE", assertIs<GatewayError>(failed.error).reason)
            stream.send(value(3, "3"), time = 30)
            assertEquals(QueryState.Data(3.0), snapshots.until { it[b] == QueryState.Data(3.0) }[b])
        }
    }

    @Test
    fun `values of two identities are never shown together`() = test {
        scripted(ScriptedProvider("ada:1")) { gateway, client ->
            (client as ConvexClientWithAuth<*>).login(this)
            val snapshots = client.watch { add(a); add(b) }.events(this)
            val stream = gateway.stream(1)
            stream.send(value(1, "1"), value(2, "1"), time = 10, tag = "ada")
            snapshots.until { it.numbers() == listOf(1.0, 1.0) }
            stream.send(value(1, "2"), time = 20, tag = "ada of another organisation", complete = false)
            assertEquals(listOf(2.0, null), snapshots.numbers())
            stream.send(value(2, "2"), time = 20, tag = "ada of another organisation")
            assertEquals(listOf(2.0, 2.0), snapshots.numbers())
        }
    }

    @Test
    fun `all subscriptions on one stream`() = test {
        ScriptedWatch().use { gateway ->
            ConvexGatewayClient(gateway.gateway.target, options = ClientOptions(singleStream = true)).use { client ->
                val states = client.states(a).events(this)
                assertEquals(QueryState.Loading, states.receive())
                val stream = gateway.stream(1)
                val first = stream.added()
                val results = client.subscribe(b).events(this)
                val second = stream.added()
                assertEquals(listOf("m:a", "m:b"), listOf(first, second).map { it.path })
                assertTrue(first.group != second.group)
                stream.send(value(first.target, "1"), time = 10, group = first.group)
                assertEquals(QueryState.Data(1.0), states.receive())
                stream.send(value(second.target, "2"), time = 10, group = second.group)
                assertEquals(2.0, results.receive().getOrThrow())
                stream.send(removed(second.target, Code.INVALID_ARGUMENT, "INVALID_VALUE"), group = second.group)
                assertEquals("INVALID_VALUE", assertIs<GatewayError>(results.receive().exceptionOrNull()).reason)
                assertTrue(results.receiveCatching().isClosed)
                val snapshots = client.watch { add(a); add(b) }.events(this)
                val screen = List(2) { stream.added() }
                assertEquals(1, screen.map { it.group }.distinct().size)
                stream.send(value(screen[0].target, "3"), value(screen[1].target, "3"), time = 20, group = screen[0].group)
                snapshots.until { it.numbers() == listOf(3.0, 3.0) }
                snapshots.cancel()
                states.cancel()
            }
        }
    }

    @Test
    fun `a stream ends with its last collector`() = test {
        scripted { gateway, client ->
            val watching = launch { client.watch { add(a) }.collect {} }
            gateway.stream(1).added()
            watching.cancel()
            eventually { gateway.open.get() == 0 }
            assertEquals(0, gateway.open.get())
        }
    }
}
