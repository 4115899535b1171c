package com.convexgateway.shrunk

import com.convexgateway.client.AuthState
import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.ConvexNum
import com.convexgateway.client.Int64
import com.convexgateway.client.TokenSupplier
import com.convexgateway.client.argsOf
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.Serializable

@Serializable
data class Score(val points: Int64, @ConvexNum val rank: Int)

@Serializable
data class Row(val body: String)

/** A small app, which is run after R8 has shrunk and renamed it. Arguments: the gateway, and a token. */
fun main(args: Array<String>) = runBlocking {
    withTimeout(60_000) {
        ConvexGatewayClient(args[0], TokenSupplier { args[1] }).use { client ->
            val score = Score(Long.MAX_VALUE, -1)
            check(client.query<Score>("values:echo", mapOf("value" to argsOf(score))) == score)
            client.mutation("messages:send", mapOf("body" to "small", "channel" to "shrunk"))
            val rows = client.subscribe<List<Row>>("messages:list", mapOf("channel" to "shrunk")).first().getOrThrow()
            check(rows.last() == Row("small"))
            val thrown = runCatching { client.query<String>("errors:convex", mapOf("data" to "why")) }.exceptionOrNull()
            check((thrown as ConvexError).data == "\"why\"")
            client.authState.first { it is AuthState.Authenticated }
        }
    }
    println("all of it works")
}
