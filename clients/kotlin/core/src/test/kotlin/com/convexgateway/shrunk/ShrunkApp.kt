package com.convexgateway.shrunk

import com.convexgateway.client.AuthState
import com.convexgateway.client.ConvexClient
import com.convexgateway.client.ConvexError
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.ConvexJson
import com.convexgateway.client.ConvexNum
import com.convexgateway.client.Int64
import com.convexgateway.client.Query
import com.convexgateway.client.TokenSupplier
import com.convexgateway.client.argsOf
import com.convexgateway.client.types.Bytes
import com.convexgateway.client.types.Field
import com.convexgateway.client.types.Types
import com.example.literals.Words
import com.example.presence.Three
import com.example.unions.All
import com.example.unions.MessagesId
import com.example.wide.Rows
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.KSerializer
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
            generated(client)
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

/** Types that `convexgateway generate --kotlin` has written, to the deployment and back. */
private suspend fun generated(client: ConvexClient) {
    suspend fun <T> echo(value: T, type: KSerializer<T>) =
        check(client.query(Query("values:echo", mapOf("value" to ConvexJson.encode(value, type)), type)) == value)
    echo(Three.StatesInner(null, Field.Value(null)), Three.StatesInner.Type)
    echo(Words.RowResult(Words.RowResultPriority.Unknown("urgent")), Words.RowResult.Type)
    echo(All.BytesResult(Bytes(byteArrayOf(1))), All.BytesResult.Type)
    echo(listOf<All.ShapesShape>(All.ShapesShape.Circle(-0.0), All.ShapesShape.Square(1.0)), Types.list(All.ShapesShape.Type))
    echo<All.KindsApart>(All.KindsApart.RecordValue(mapOf("a" to "b")), All.KindsApart.Type)
    echo<Rows.UnionRow>(Rows.UnionRow.None, Rows.UnionRow.Type)
    echo(Own(Words.RowResultPriority.High, MessagesId("an id")), Own.serializer())
}

/** A class of the app's own, with generated ones in it. */
@Serializable
data class Own(val priority: Words.RowResultPriority, val id: MessagesId)
