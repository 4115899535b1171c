package com.example.app

import com.convexgateway.client.Convex
import com.convexgateway.client.PagedFlow
import com.convexgateway.client.QueryState
import com.convexgateway.client.paginate
import com.convexgateway.client.returning
import com.example.api.Api
import com.example.api.Messages
import com.example.api.MessagesId
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.serialization.Serializable

/** What `users:me` returns, which is any value by its declaration. */
@Serializable
data class Me(val name: String? = null)

/** A channel, with the types of the app's functions. */
class TypedChannel(private val convex: Convex, private val channel: String) {
    private val rows = Api.messages.list(channel)
    private val me = Api.users.me().returning<Me?>()

    val messages: Flow<Result<List<Messages.ListItem>>> = convex.subscribe(rows)

    val history: PagedFlow<Messages.PageItem> = convex.paginate(Api.messages.page(channel), pageSize = 20)

    val title: Flow<String> = convex.watch { add(rows); add(me) }.map { snapshot ->
        val count = (snapshot[rows] as? QueryState.Data)?.value?.size ?: 0
        "$count messages for ${(snapshot[me] as? QueryState.Data)?.value?.name ?: "somebody"}"
    }

    suspend fun newest(): Messages.ListItem? = convex.query(Api.messages.list(channel, limit = 1.0)).lastOrNull()

    suspend fun send(body: String): MessagesId = convex.mutate(Api.messages.send(body, channel = channel)) { store ->
        val unsent = MessagesId("")
        store.update(rows) { it + Messages.ListItem(0.0, unsent, "me", body, channel, unsent) }
    }
}
