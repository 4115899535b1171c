package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlinx.coroutines.flow.first
import kotlinx.serialization.Serializable
import kotlinx.serialization.builtins.ListSerializer
import kotlinx.serialization.builtins.serializer

/** Calls as values, and the interface that takes them. */
class CallValuesTest {
    private fun list(channel: String) = query<List<Message>>("messages:list", mapOf("channel" to channel))

    @Test
    fun `calls are equal by kind, path and arguments`() {
        assertEquals(list("a"), list("a"))
        assertEquals(list("a").hashCode(), list("a").hashCode())
        assertEquals<Call<*>>(query<Long>("f:f", mapOf("a" to 1, "b" to listOf(2.0))), query<String>("f:f", mapOf("b" to listOf(2.0), "a" to 1L)))
        assertNotEquals(list("a"), list("b"))
        assertNotEquals(query<Long>("f:f"), query<Long>("f:g"))
        assertNotEquals<Call<*>>(query<Long>("f:f"), mutation<Long>("f:f"))
        assertNotEquals<Call<*>>(mutation("f:f"), action("f:f"))
        assertNotEquals(query<Long>("f:f", mapOf("n" to 1)), query<Long>("f:f", mapOf("n" to 1.0)))
    }

    @Test
    fun `the text of a call leaves its arguments out`() {
        assertEquals("Query(messages:list)", list("secret").toString())
        assertEquals("Mutation(messages:send)", mutation("messages:send", mapOf("body" to "secret")).toString())
    }

    @Test
    fun `arguments are taken when the call is made`() {
        val args = mutableMapOf("channel" to "a")
        val call = query<List<Message>>("messages:list", args)
        args["channel"] = "b"
        assertEquals(list("a"), call)
    }

    @Test
    fun `clients run calls that are values`() = test {
        ConvexClient(DevGateway.shared.target).use { client ->
            val convex: Convex = client
            val channel = TestChannel(client).name
            val id = convex.mutate(mutation<String>("messages:send", mapOf("body" to "hello", "channel" to channel, "author" to "a")))
            assertEquals(listOf(Message(id, "a", "hello")), convex.subscribe(list(channel)).first().getOrThrow())
            convex.mutate(mutation("messages:send", mapOf("body" to "more", "channel" to channel)))
            assertEquals(2, convex.query(list(channel)).size)
            assertEquals(1.0, convex.action(action<Double>("actions:sleep", mapOf("ms" to 1.0))))
            convex.action(action("actions:sleep", mapOf("ms" to 1.0)))
        }
    }

    @Test
    fun `names work through the interface, too`() = test {
        ConvexClient(DevGateway.shared.target).use { client ->
            val convex: Convex = client
            val channel = mapOf("channel" to TestChannel(client).name)
            val id: String = convex.mutation<String>("messages:send", channel + ("body" to "one"))
            convex.mutation("messages:send", channel + ("body" to "two"))
            assertEquals(id, convex.query<List<Message>>("messages:list", channel).first().id)
            assertEquals(listOf("one", "two"), convex.subscribe<List<Message>>("messages:list", channel).first().bodies())
            assertEquals(1.0, convex.action<Double>("actions:sleep", mapOf("ms" to 1.0)))
            convex.action("actions:sleep", mapOf("ms" to 1.0))
        }
    }

    @Serializable
    private data class ListArgs(val channel: String, val limit: Double? = null)

    @Test
    fun `a typed function makes calls`() = test {
        val messages = QueryFunction("messages:list", ListArgs.serializer(), ListSerializer(Message.serializer()))
        assertEquals(list("a"), messages(ListArgs("a")))
        assertEquals(mutation("f:f", mapOf("channel" to "a")), MutationFunction("f:f", ListArgs.serializer(), Unit.serializer())(ListArgs("a")))
        assertEquals(action("f:f", mapOf("channel" to "a")), ActionFunction("f:f", ListArgs.serializer(), Unit.serializer())(ListArgs("a")))
        ConvexClient(DevGateway.shared.target).use { assertEquals(emptyList(), it.query(messages(ListArgs("of nobody")))) }
    }
}
