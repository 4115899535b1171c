package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SubscribeTest {
    private val client = ConvexGatewayClient(DevGateway.shared.target)

    @AfterAll
    fun close() = client.close()

    @Test
    fun `each change is emitted once`() = test {
        val channel = TestChannel(client)
        val events = channel.messages().events(this)
        assertEquals(emptyList(), events.receive().bodies())
        channel.send("one")
        assertEquals(listOf("one"), events.receive().bodies())
        TestChannel(client).send("elsewhere")
        channel.send("two")
        assertEquals(listOf("one", "two"), events.receive().bodies())
    }

    @Test
    fun `an error of the query is a failure, and the flow continues`() = test {
        val convex = client.subscribe<String>("errors:convex", mapOf("data" to mapOf("n" to 1))).first().exceptionOrNull()
        assertEquals("""{"n":{"${'$'}integer":"AQAAAAAAAAA="}}""", assertIs<ConvexError>(convex).data)
        val crash = client.subscribe<String>("errors:crash").first().exceptionOrNull()
        assertTrue("boom" in assertIs<ServerError>(crash).message!!)
    }

    @Test
    fun `large data of an error is complete`() = test {
        val error = client.subscribe<String>("errors:convex", mapOf("data" to "x".repeat(10_000))).first().exceptionOrNull()
        assertEquals(10_002, assertIs<ConvexError>(error).data.length)
    }

    @Test
    fun `a result of another type is a failure`() = test {
        assertIs<InternalError>(client.subscribe<String>("messages:list").first().exceptionOrNull())
    }

    @Test
    fun `an invalid path ends the flow`() = test {
        val all = client.subscribe<String>("not a path").toList()
        assertEquals("INVALID_PATH", assertIs<GatewayError>(all.single().exceptionOrNull()).reason)
    }

    @Test
    fun `a flow of values throws`() = test {
        val failing = client.subscribe<String>("errors:convex", mapOf("data" to "x")).values()
        val error = assertFailsWith<ConvexError> { failing.first() }
        assertEquals("\"x\"", error.data)
    }

    @Test
    fun `closing ends subscriptions`() = test {
        val own = ConvexGatewayClient(DevGateway.shared.target)
        val events = TestChannel(own).messages().events(this)
        events.receive()
        own.close()
        assertTrue(events.receiveCatching().isClosed)
        assertEquals(WebSocketState.CONNECTING, own.connectionState.value)
    }

    @Test
    fun `the connection's state has two names`() = test {
        client.webSocketStateFlow.first { it == WebSocketState.CONNECTED }
        assertEquals(WebSocketState.CONNECTED, client.connectionState.value)
    }
}
