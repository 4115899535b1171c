package com.example.app

import android.app.Application
import com.convexgateway.android.AndroidConvex
import com.convexgateway.android.FileQueryCache
import com.convexgateway.client.ClientOptions
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexGatewayClient
import com.convexgateway.client.Page
import com.convexgateway.client.PagedStatus
import com.convexgateway.client.QueryState
import com.convexgateway.client.mutation
import com.convexgateway.client.paginate
import com.convexgateway.client.query
import com.convexgateway.client.states
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.Serializable

/** A client that shows what it had at the last start. */
fun convexOf(app: Application): Convex =
    AndroidConvex("https://gateway.example.com", app, ClientOptions(cache = FileQueryCache(app)))

/** What a screen says of a channel. */
fun Convex.line(channel: String): Flow<String> =
    states<List<Message>>("messages:list", mapOf("channel" to channel)).map { state ->
        when (state) {
            QueryState.Loading -> "One moment…"
            is QueryState.Data -> "${state.value.size} messages" + if (state.cached) ", as of last time" else ""
            is QueryState.Failed -> state.last?.let { "${it.value.size} messages, perhaps more" } ?: "Try again"
        }
    }

/** All messages of a channel, the newest first, page by page. */
class HistoryModel(convex: Convex, channel: String) {
    private val history = convex.paginate(query<Page<Message>>("messages:page", mapOf("channel" to channel)), pageSize = 20)

    val messages: Flow<List<Message>> = history.items
    val canLoadMore: Flow<Boolean> = history.status.map { it == PagedStatus.CanLoadMore }

    fun loadMore() = history.loadMore()
}

/** A channel and its reader, which are of one time; a message is shown before it is written. */
class ChannelModel(private val convex: Convex, private val channel: String) {
    private val rows = query<List<Message>>("messages:list", mapOf("channel" to channel))
    private val reader = query<User?>("users:me")

    val title: Flow<String> = convex.watch { add(rows); add(reader) }.map { snapshot ->
        val name = (snapshot[reader] as? QueryState.Data)?.value?.name ?: "somebody"
        val count = (snapshot[rows] as? QueryState.Data)?.value?.size ?: 0
        "$count messages for $name"
    }

    suspend fun send(body: String) {
        val send = mutation("messages:send", mapOf("body" to body, "channel" to channel))
        convex.mutate(send) { store -> store.update(rows) { it + Message(id = "", author = "me", body = body) } }
    }
}

/** Some fields of the result of `users:me`. */
@Serializable
data class User(val name: String)

/** A client whose subscriptions share one stream. */
fun onOneStream(): Convex = ConvexGatewayClient("https://gateway.example.com", options = ClientOptions(singleStream = true))
