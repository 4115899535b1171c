package com.convexgateway.client

import java.util.UUID
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes
import kotlinx.coroutines.flow.first
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Queries of a signed-in user that run without the user's identity. */
class AnonymousTest {
    private val dev = DevGateway.shared
    private val provider = DevProvider(dev, fresh("ada"))
    private val ada = "user_${provider.user}"
    private val me = query<Me?>("users:me")

    private fun fresh(name: String) = name + UUID.randomUUID().toString().filter { it.isLetterOrDigit() }

    private suspend fun signedIn(options: ClientOptions = ClientOptions(), body: suspend (ConvexClientWithAuth<*>) -> Unit) =
        ConvexGatewayClient(dev.target, provider, options).use {
            it.login(Any()).getOrThrow()
            body(it)
        }

    @Test
    fun `they are other calls than those of the user`() {
        assertTrue(me.anonymous().isAnonymous)
        assertEquals(me.anonymous(), query<Me?>("users:me", anonymous = true))
        assertEquals(me.anonymous().hashCode(), query<Me?>("users:me", anonymous = true).hashCode())
        assertNotEquals(me, me.anonymous())
        assertNotEquals(QueryKey.of(me), QueryKey.of(me.anonymous()))
        assertEquals(me.anonymous() as Query<*>, QueryKey.of(me.anonymous()).toQuery())
    }

    @Test
    fun `they see nobody, beside those of the user`() = test {
        for (options in listOf(ClientOptions(), ClientOptions(singleStream = true))) signedIn(options) { client ->
            val own = client.subscribe<Me?>("users:me").events(this)
            assertNull(client.subscribe<Me?>("users:me", anonymous = true).first().getOrThrow())
            assertEquals(ada, own.receive().getOrThrow()?.subject)
            assertNull(client.query<Me?>("users:me", anonymous = true))
            assertEquals(ada, client.query<Me?>("users:me")?.subject)
            assertNull(client.states(me.anonymous()).first { it is QueryState.Data }.let { (it as QueryState.Data).value })
        }
    }

    @Test
    fun `one watch has queries of both kinds`() = test {
        for (options in listOf(ClientOptions(), ClientOptions(singleStream = true))) signedIn(options) { client ->
            val snapshot = client.watch { add(me); add(me.anonymous()) }.first { it.isComplete }
            assertEquals(ada, (snapshot[me] as QueryState.Data).value?.subject)
            assertNull((snapshot[me.anonymous()] as QueryState.Data).value)
        }
    }

    @Test
    fun `they outlive a change of identity`() = test(2.minutes) {
        signedIn { client ->
            val own = client.subscribe<Me?>("users:me").events(this)
            val anonymous = client.subscribe<Me?>("users:me", anonymous = true).events(this)
            assertNull(anonymous.receive().getOrThrow())
            assertEquals(null, own.receive().getOrThrow()?.org_id)
            provider.claims = mapOf("o" to JsonObject(mapOf("id" to JsonPrimitive("org_2"))))
            provider.push(provider.token())
            val channel = TestChannel(client)
            val rows = client.subscribe<List<Message>>("messages:list", mapOf("channel" to channel.name), anonymous = true).events(this)
            assertEquals(emptyList(), rows.receive().bodies())
            channel.send("hello")
            assertEquals(listOf("hello"), rows.receive().bodies())
            assertTrue(anonymous.tryReceive().isFailure, "the same result again")
        }
    }

    @Test
    fun `what is kept of them is not shown as the user's`() = test {
        val cache = MemoryQueryCache()
        signedIn(ClientOptions(cache = cache)) { client ->
            client.states(me.anonymous()).first { it is QueryState.Data }
            client.states(me).first { it is QueryState.Data }
        }
        signedIn(ClientOptions(cache = cache)) { client ->
            val states = listOf(me, me.anonymous()).map { query -> client.states(query).first { it is QueryState.Data } as QueryState.Data }
            assertEquals(listOf(ada, null), states.map { it.value?.subject })
        }
    }
}
