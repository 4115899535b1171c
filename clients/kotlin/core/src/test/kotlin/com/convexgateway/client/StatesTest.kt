package com.convexgateway.client

import com.convexgateway.client.ScriptedQuery.Companion.error
import com.convexgateway.client.ScriptedQuery.Companion.value
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.onEach

/** What a screen shows of a query, as states. */
class StatesTest {
    private val dev = DevGateway.shared
    private val numbers = query<Double>("m:f")

    @Test
    fun `loading, then each result`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val channel = TestChannel(client)
            val states = client.states<List<Message>>("messages:list", mapOf("channel" to channel.name)).events(this)
            assertEquals(QueryState.Loading, states.receive())
            assertEquals(QueryState.Data(emptyList()), states.receive())
            channel.send("one")
            assertEquals(listOf("one"), assertIs<QueryState.Data<List<Message>>>(states.receive()).value.map { it.body })
        }
    }

    @Test
    fun `a failure has the last result, and a null is a result`() = test {
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target).use { client ->
                val states = client.states<Double?>("m:f").events(this)
                assertEquals(QueryState.Loading, states.receive())
                val events = gateway.stream(1).events
                events.send(error("first"))
                val first = assertIs<QueryState.Failed<Double?>>(states.receive())
                assertNull(first.last)
                assertEquals("first", assertIs<ServerError>(first.error).message)
                events.send(value("null"))
                assertEquals(QueryState.Data(null), states.receive())
                events.send(error("second"))
                assertEquals(QueryState.Data(null), assertIs<QueryState.Failed<Double?>>(states.receive()).last)
                events.send(value("\"text\""))
                val wrong = assertIs<QueryState.Failed<Double?>>(states.receive())
                assertIs<InternalError>(wrong.error)
                assertEquals(QueryState.Data(null), wrong.last)
                events.send(value("2"))
                assertEquals(QueryState.Data(2.0), states.receive())
            }
        }
    }

    @Test
    fun `a later collector begins with the state, and a slow one gets the newest`() = test {
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target).use { client ->
                val held = CompletableDeferred<Unit>()
                val slow = client.states(numbers).onEach { if (it is QueryState.Data) held.await() }.events(this)
                val fast = client.states(numbers).events(this)
                for (n in 1..5) {
                    gateway.stream(1).events.send(value("$n"))
                    fast.until { it == QueryState.Data(n.toDouble()) }
                }
                assertEquals(QueryState.Data(5.0), client.states(numbers).first())
                held.complete(Unit)
                val seen = mutableListOf<QueryState<Double>>()
                slow.until { seen.add(it); it == QueryState.Data(5.0) }
                assertTrue(seen.size <= 3, "$seen") // one that had it before, and the newest
            }
        }
    }

    @Test
    fun `another user's screen loads`() = test {
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target, ScriptedProvider("ada:1")).use { client ->
                val states = client.states(numbers).events(this)
                for ((number, change) in listOf<suspend () -> Any>({}, { client.login(this) }, { client.logout(this) }).withIndex()) {
                    change()
                    assertEquals(QueryState.Loading, states.receive())
                    gateway.stream(number + 1).events.send(value("$number", if (number == 1) "ada" else ""))
                    assertEquals(QueryState.Data(number.toDouble()), states.receive())
                }
            }
        }
    }

    @Test
    fun `a failure does not have the last result of another user`() = test {
        val provider = ScriptedProvider("ada:1")
        ScriptedQuery().use { gateway ->
            ConvexGatewayClient(gateway.target, provider).use { client ->
                client.login(this)
                val held = CompletableDeferred<Unit>()
                val begun = CompletableDeferred<Unit>()
                val states = client.states(numbers).onEach {
                    if (it is QueryState.Data) begun.complete(Unit).also { held.await() }
                }.events(this)
                gateway.stream(1).events.send(value("1", "ada"))
                begun.await()
                client.logout(this)
                gateway.stream(2).events.send(error("for nobody"))
                client.subscribe(numbers).first { it.isFailure }
                held.complete(Unit)
                assertNull(assertIs<QueryState.Failed<Double>>(states.until { it is QueryState.Failed }).last)
            }
        }
    }

    @Test
    fun `a refused query is a failure, and the end`() = test {
        ConvexGatewayClient(dev.target).use { client ->
            val states = client.states<String>("not a path").events(this)
            assertEquals(QueryState.Loading, states.receive())
            assertEquals("INVALID_PATH", assertIs<GatewayError>(assertIs<QueryState.Failed<String>>(states.receive()).error).reason)
            assertTrue(states.receiveCatching().isClosed)
        }
    }
}
