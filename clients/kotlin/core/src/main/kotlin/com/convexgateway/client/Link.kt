package com.convexgateway.client

import io.grpc.ConnectivityState
import io.grpc.ManagedChannel
import java.io.Closeable
import kotlin.time.Duration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * The state of the way to the deployment: the [channel] to the gateway, and what streams are told of the gateway's own
 * connection. Keeps the channel connected, with the waits of [Backoff] between attempts.
 */
internal class Link(private val channel: ManagedChannel) : Closeable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val networks = MutableStateFlow(0)
    private val lock = Any()
    private var ready = false
    private val cutOff = HashSet<Any>()
    private val _state = MutableStateFlow(WebSocketState.CONNECTING)

    val state: StateFlow<WebSocketState> = _state.asStateFlow()

    init {
        scope.launch { keepConnected() }
    }

    /** Counts the networks of the device. */
    val network: Int get() = networks.value

    /** The device has a network, perhaps a new one. */
    fun networkAvailable() {
        networks.update { it + 1 }
        channel.enterIdle() // the connection may belong to the old network; a new one is made for what is called next
        channel.resetConnectBackoff()
    }

    /** Waits, but no longer than until there is a network; reports whether there is a new one. */
    suspend fun pause(wait: Duration): Boolean {
        val before = networks.value
        return withTimeoutOrNull(wait) { networks.first { it != before } } != null
    }

    /** The events of [stream], which is ended when there is another network. */
    fun <E> onThisNetwork(stream: Flow<E>): Flow<E> = channelFlow {
        val before = networks.value
        val events = launch { stream.collect { send(it) } }
        val watch = launch {
            networks.first { it != before }
            events.cancel()
        }
        events.invokeOnCompletion { watch.cancel() }
    }.buffer(0)

    /** The gateway told [stream] whether it is cut off from the deployment. */
    fun deploymentIs(cutOff: Boolean, stream: Any) = change {
        if (cutOff) this.cutOff.add(stream) else this.cutOff.remove(stream)
    }

    override fun close() {
        scope.cancel()
        change { ready = false }
    }

    private suspend fun keepConnected() {
        val backoff = Backoff()
        while (true) {
            val connectivity = channel.getState(true)
            val next = Job(scope.coroutineContext[Job])
            channel.notifyWhenStateChanged(connectivity) { next.complete() }
            change { ready = connectivity == ConnectivityState.READY }
            if (ready) backoff.healthy()
            if (connectivity == ConnectivityState.TRANSIENT_FAILURE) {
                while (withTimeoutOrNull(backoff.failed()) { next.join() } == null) channel.resetConnectBackoff()
            }
            next.join()
        }
    }

    private fun change(what: () -> Unit) = synchronized(lock) {
        what()
        _state.value = if (ready && cutOff.isEmpty()) WebSocketState.CONNECTED else WebSocketState.CONNECTING
    }
}
