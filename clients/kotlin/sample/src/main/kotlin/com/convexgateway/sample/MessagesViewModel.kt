package com.convexgateway.sample

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.ConvexError
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch
import kotlinx.serialization.Serializable
import kotlinx.serialization.json.Json

/** The list of messages, and the sending of new ones. */
class MessagesViewModel(private val clerk: ClerkConvexClient) : ViewModel() {
    private val _notice = MutableStateFlow<String?>(null)

    /** Why the last attempt to read or send failed, or null. */
    val notice: StateFlow<String?> = _notice.asStateFlow()

    /**
     * The newest messages, oldest first. The query is followed while the screen collects them, and 5 s longer, because the
     * device may be turned. After a failure it is followed again with the next collector.
     */
    val messages: StateFlow<List<Message>> = clerk.convex
        .subscribe<List<Message>>("messages:list")
        .catch { failure ->
            _notice.value = failure.notice()
            emit(emptyList())
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000), emptyList())

    fun send(body: String) {
        viewModelScope.launch {
            _notice.value = try {
                clerk.convex.mutation("messages:send", mapOf("body" to body))
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
