package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.serialization.Serializable
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallsTest {
    private val client = ConvexGatewayClient(DevGateway.shared.target)

    @AfterAll
    fun close() = client.close()

    @Serializable
    data class SendArgs(val body: String, val channel: String, val author: String? = null)

    @Test
    fun `a query returns what a mutation wrote`() = test {
        val channel = TestChannel(client)
        val id = channel.send("hello")
        val messages = client.query<List<Message>>("messages:list", mapOf("channel" to channel.name))
        assertEquals(listOf(Message(id, "test", "hello")), messages)
    }

    @Test
    fun `arguments come from a serializable object`() = test {
        val channel = TestChannel(client)
        client.mutation("messages:send", argsOf(SendArgs("typed", channel.name)))
        val messages = client.query<List<Message>>("messages:list", mapOf("channel" to channel.name))
        assertEquals(listOf("typed"), messages.map { it.body })
    }

    @Test
    fun `a result may be just a number`() = test {
        val channel = TestChannel(client)
        channel.send("one")
        assertEquals(1L, client.mutation<Long>("messages:clear", mapOf("channel" to channel.name)))
        assertEquals(2.5, client.mutation<Double>("counter:add", mapOf("name" to channel.name, "by" to 2.5)))
    }

    @Test
    fun `actions return`() = test {
        assertEquals(1.0, client.action<Double>("actions:sleep", mapOf("ms" to 1.0)))
        client.action("actions:sleep", mapOf("ms" to 1.0))
    }

    @Test
    fun `a result may be null`() = test {
        assertNull(client.query<Me?>("users:me"))
    }

    @Test
    fun `a ConvexError has its data`() = test {
        val data = mapOf("code" to "NOT_FOUND", "what" to listOf("a", 1.5))
        val error = assertFailsWith<ConvexError> { client.query<String>("errors:convex", mapOf("data" to data)) }
        assertEquals("""{"code":"NOT_FOUND","what":["a",1.5]}""", error.data)
        val ofMutation = assertFailsWith<ConvexError> { client.mutation("messages:send", mapOf("body" to "")) }
        assertTrue("INVALID_ARGUMENT" in ofMutation.data)
    }

    @Test
    fun `data that is too large for a status is marked as truncated`() = test {
        val error = assertFailsWith<ConvexError> { client.query<String>("errors:convex", mapOf("data" to "x".repeat(10_000))) }
        assertTrue(error.truncated)
        assertEquals("null", error.data)
    }

    @Test
    fun `other errors of functions are ServerErrors`() = test {
        val crash = assertFailsWith<ServerError> { client.query<String>("errors:crash") }
        assertTrue("boom" in crash.message!!)
        assertEquals("FUNCTION_NOT_FOUND", assertFailsWith<ServerError> { client.query<String>("no:such") }.reason)
        assertEquals("WRONG_FUNCTION_KIND", assertFailsWith<ServerError> { client.mutation("messages:list") }.reason)
    }

    @Test
    fun `an argument that the app's contract refuses is named`() = test {
        val error = assertFailsWith<ArgumentRefused> { client.mutation("messages:send", mapOf("body" to 1.0)) }
        assertEquals("body" to "ARGUMENT_VALIDATION", error.field to error.reason)
    }

    @Test
    fun `an error of the gateway is a GatewayError`() = test {
        val error = assertFailsWith<GatewayError> { client.query<String>("not a path") }
        assertEquals("INVALID_PATH" to "INVALID_ARGUMENT", error.reason to error.code)
    }

    @Test
    fun `a result of another type is an InternalError`() = test {
        assertFailsWith<InternalError> { client.query<List<Message>>("values:echo", mapOf("value" to "text")) }
    }

    @Test
    fun `an action that takes too long ends with its deadline`() = test {
        val hasty = ConvexGatewayClient(DevGateway.shared.target, ClientOptions(actionTimeout = 200.milliseconds))
        val error = hasty.use { assertFailsWith<GatewayError> { it.action("actions:sleep", mapOf("ms" to 5000.0)) } }
        assertEquals("ACTION_OUTCOME_UNKNOWN", error.reason)
        assertContains(listOf("DEADLINE_EXCEEDED", "UNKNOWN"), error.code) // the client's or the gateway's, whichever is first
    }

    @Test
    fun `a query waits for a gateway that is not running, but no longer than its deadline`() = test {
        val nobody = "http://127.0.0.1:${GatewayProcess.freePort()}"
        val lost = ConvexGatewayClient(nobody, ClientOptions(queryTimeout = 300.milliseconds))
        val error = lost.use { assertFailsWith<GatewayError> { it.query<String>("users:me") } }
        assertEquals("DEADLINE_EXCEEDED", error.code)
    }

    @Test
    fun `calls of a closed client fail`() = test {
        val closed = ConvexGatewayClient(DevGateway.shared.target).apply { close() }
        assertEquals("CANCELLED", assertFailsWith<GatewayError> { closed.query<String>("users:me") }.reason)
    }
}
