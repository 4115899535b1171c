package com.convexgateway.client

import java.util.UUID
import kotlinx.coroutines.flow.Flow
import kotlinx.serialization.Serializable

/** A row of the sample app's `messages:list`. */
@Serializable
data class Message(val id: String, val author: String, val body: String)

/** Some fields of the result of the sample app's `users:me`. */
@Serializable
data class Me(val subject: String, val org_id: String? = null)

/** A channel of messages that no other test uses. */
class TestChannel(private val client: ConvexClient) {
    val name = "c-${UUID.randomUUID()}"

    fun messages(of: ConvexClient = client): Flow<Result<List<Message>>> = of.subscribe("messages:list", mapOf("channel" to name))

    suspend fun send(body: String, by: ConvexClient = client): String =
        by.mutation<String>("messages:send", mapOf("body" to body, "author" to "test", "channel" to name))
}

fun Result<List<Message>>.bodies(): List<String> = getOrThrow().map { it.body }
