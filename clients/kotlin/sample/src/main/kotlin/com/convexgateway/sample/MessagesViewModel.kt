package com.convexgateway.sample

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.ConvexError
import com.convexgateway.client.QueryState
import com.convexgateway.client.Snapshot
import com.convexgateway.client.returning
import com.convexgateway.sample.api.Api
import com.convexgateway.sample.api.Messages
import com.convexgateway.sample.api.MessagesId
import java.util.UUID
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** What the screen shows: the newest messages, oldest first, and who reads them. */
data class Content(val messages: List<Messages.ListItem> = emptyList(), val reader: Reader? = null)

/** Some fields of the result of `users:me`, which is any value by its declaration. */
@Serializable
data class Reader(val name: String? = null)

/** The list of messages, and the sending of new ones. */
class MessagesViewModel(private val clerk: ClerkConvexClient) : ViewModel() {
    private val _notice = MutableStateFlow<String?>(null)

    /** Why the last attempt to read or send failed, or null. */
    val notice: StateFlow<String?> = _notice.asStateFlow()

    private val rows = Api.messages.list()
    private val reader = Api.users.me().returning<Reader?>()

    /**
     * What the screen shows, of one time. It is followed while the screen collects it, and 5 s longer, because the device may be turned.
     */
    val content: StateFlow<Content> = clerk.convex
        .watch { add(rows); add(reader) }
        .map(::contentOf)
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000), Content())

    private fun contentOf(snapshot: Snapshot): Content {
        val messages = snapshot[rows]
        if (messages is QueryState.Failed) _notice.value = messages.error.notice()
        return Content(messages.value.orEmpty(), snapshot[reader].value)
    }

    private val <T> QueryState<T>.value: T? get() = when (this) {
        QueryState.Loading -> null
        is QueryState.Data -> value
        is QueryState.Failed -> last?.value
    }

    /** Sends a message, which is shown at once. */
    fun send(body: String) {
        val id = MessagesId(UUID.randomUUID().toString()) // until it has its own
        viewModelScope.launch {
            _notice.value = try {
                clerk.convex.mutate(Api.messages.send(body)) { store ->
                    val author = store[reader]?.value?.name
                    if (author != null) store.update(rows) { it + Messages.ListItem(0.0, id, author, body, "", id) }
                }
                null
            } catch (e: CancellationException) {
                throw e
            } catch (e: Exception) {
                e.notice()
            }
        }
    }

    private fun Throwable.notice(): String? = if (this is ConvexError) json.decodeFromString<Refusal>(data).message else message

    /** Some fields of the `ConvexError` of the functions. */
    @Serializable
    private class Refusal(val message: String)

    private companion object {
        val json = Json { ignoreUnknownKeys = true }
    }
}
