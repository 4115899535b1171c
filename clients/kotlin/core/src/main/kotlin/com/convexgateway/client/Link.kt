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
 * The state of the connection to the deployment: of the [channel] to the gateway, and of the gateway's connection, which streams
 * report. Keeps the channel connected, with the waits of [Backoff] between attempts.
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

    /** Number of the device's current network. */
    val network: Int get() = networks.value

    /** The device has a network, perhaps a new one. */
    fun networkAvailable() {
        networks.update { it + 1 }
        channel.enterIdle() // the connection may belong to the old network; the next call makes a new one
        channel.resetConnectBackoff()
    }

    /** Waits for [wait] or until there is a new network. Returns whether there is one. */
    suspend fun pause(wait: Duration): Boolean {
        val before = networks.value
        return withTimeoutOrNull(wait) { networks.first { it != before } } != null
    }

    /** The events of [stream], which is cancelled when there is another network. */
    fun <E> onThisNetwork(stream: Flow<E>): Flow<E> = channelFlow {
        val before = networks.value
        val events = launch { stream.collect { send(it) } }
        val watch = launch {
            networks.first { it != before }
            events.cancel()
        }
        events.invokeOnCompletion { watch.cancel() }
    }.buffer(0)

    /** Sets whether the gateway is cut off from the deployment, according to [stream]. */
    fun setCutOff(cutOff: Boolean, stream: Any) = change {
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

    private fun change(update: () -> Unit) = synchronized(lock) {
        update()
        _state.value = if (ready && cutOff.isEmpty()) WebSocketState.CONNECTED else WebSocketState.CONNECTING
    }
}
