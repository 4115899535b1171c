package com.convexgateway.client

import com.convexgateway.v1.AuthServiceGrpcKt.AuthServiceCoroutineStub
import com.convexgateway.v1.FunctionServiceGrpc
import com.convexgateway.v1.FunctionServiceGrpcKt.FunctionServiceCoroutineStub
import com.convexgateway.v1.QueryResponse
import io.grpc.CallOptions
import io.grpc.ClientCall
import io.grpc.ConnectivityState
import io.grpc.ManagedChannel
import io.grpc.Metadata
import io.grpc.Status
import kotlin.coroutines.resume
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine

/** One connection to the gateway. It is not made again when it is lost: another object takes its place. */
internal class GatewayConnection(private val channel: ManagedChannel, private val sockets: Sockets) {
    private val left = CompletableDeferred<Unit>()
    private val over = CompletableDeferred<Unit>() // takes no new calls
    private val lock = Any()
    private var calls = 0 // that may end over it after it was left

    val functions = FunctionServiceCoroutineStub(channel)
    val auth = AuthServiceCoroutineStub(channel)

    /** The channel's states, from now on; collecting them connects. */
    val states: Flow<ConnectivityState> = flow {
        var state = channel.getState(true)
        while (true) {
            emit(state)
            state = next(state)
        }
    }

    /** The events of [stream] until the connection is left, or takes no new calls before the stream was [sent]. */
    fun <E> untilLeft(sent: Sent, stream: Flow<E>): Flow<E> = until(sent, left, stream)

    /** The events of [stream], which ends over this connection also after it was left, if it was [sent] by then. */
    fun <E> toItsEnd(sent: Sent, stream: Flow<E>): Flow<E> = flow {
        synchronized(lock) { calls++ }
        try {
            emitAll(until(sent, null, stream))
        } finally {
            val last = synchronized(lock) { --calls == 0 }
            if (last && left.isCompleted) abort()
        }
    }

    private fun <E> until(sent: Sent, end: CompletableDeferred<Unit>?, stream: Flow<E>): Flow<E> = orderedFlow { send ->
        val events = launch { stream.collect { send(it) } }
        val watch = launch {
            over.await()
            if (sent.happened) (end ?: return@launch).await()
            events.cancel()
        }
        events.invokeOnCompletion { watch.cancel() }
    }

    /** Ends its streams, and the connection with its last call that has to end over it. */
    fun leave() {
        left.complete(Unit)
        over.complete(Unit)
        channel.shutdown()
        if (synchronized(lock) { calls } == 0) abort()
    }

    /** Takes no new calls; those under way continue as long as the gateway continues them. */
    fun retire() {
        over.complete(Unit)
        channel.shutdown()
    }

    /** Ends everything at once. */
    fun abort() {
        left.complete(Unit)
        over.complete(Unit)
        channel.shutdownNow()
        sockets.close()
    }

    /** Why there is no connection, in TRANSIENT_FAILURE: the status of a call that does not wait. */
    suspend fun failure(): Status = suspendCancellableCoroutine { continuation ->
        val call = channel.newCall(FunctionServiceGrpc.getQueryMethod(), CallOptions.DEFAULT)
        continuation.invokeOnCancellation { call.cancel("not needed", null) }
        call.start(
            object : ClientCall.Listener<QueryResponse>() {
                override fun onClose(status: Status, trailers: Metadata) {
                    if (continuation.isActive) continuation.resume(status)
                }
            },
            Metadata(),
        )
    }

    private suspend fun next(state: ConnectivityState): ConnectivityState = suspendCancellableCoroutine { continuation ->
        channel.notifyWhenStateChanged(state) { if (continuation.isActive) continuation.resume(channel.getState(false)) }
    }
}
