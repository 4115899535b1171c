package com.convexgateway.sample

import com.convexgateway.clerk.ClerkConvexClient
import com.convexgateway.client.ConvexError
import com.convexgateway.client.GatewayError
import com.convexgateway.client.ServerError
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.SharingStarted
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.catch
import kotlinx.coroutines.flow.stateIn
import kotlinx.coroutines.launch

/** The messages as they come, and the sending of new ones. */
class MessagesViewModel(private val clerk: ClerkConvexClient) : ViewModel() {
    private val _notice = MutableStateFlow<String?>(null)

    /** Why the last attempt to read or send failed, or null. */
    val notice: StateFlow<String?> = _notice.asStateFlow()

    /** The newest messages, oldest first. Followed while somebody looks, and 5 s longer: the screen may be turning. */
    val messages: StateFlow<List<Message>> = clerk.convex
        .subscribe<List<Message>>("messages:list")
        .catch { failure ->
            _notice.value = failure.message
            emit(emptyList())
        }
        .stateIn(viewModelScope, SharingStarted.WhileSubscribed(stopTimeoutMillis = 5_000), emptyList())

    fun send(body: String) {
        viewModelScope.launch {
            _notice.value = try {
                clerk.convex.mutation("messages:send", mapOf("body" to body))
                null
            } catch (e: ConvexError) {
                e.message
            } catch (e: ServerError) {
                e.message
            } catch (e: GatewayError) {
                e.message
            }
        }
    }
}
