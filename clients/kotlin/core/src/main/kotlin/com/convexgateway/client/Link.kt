package com.convexgateway.client

import io.grpc.ConnectivityState
import io.grpc.Status
import java.io.Closeable
import java.time.Clock
import java.time.Instant
import kotlin.time.Duration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collectLatest
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.emitAll
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/**
 * Keeps one [GatewayConnection] to the gateway, with the waits of [Backoff] between attempts, as long as something needs it: a call, a
 * stream that is followed, or neither for less than `idleAfter`. Its state includes the gateway's connection to the deployment,
 * which streams report.
 */
internal class Link(
    private val connect: () -> GatewayConnection,
    private val check: TargetCheck,
    private val options: ClientOptions,
    private val clock: Clock = Clock.systemUTC(),
) : Closeable {
    /** How many need the connection. */
    private data class Need(val calls: Int = 0, val streams: Int = 0, val paused: Boolean = false) {
        val any get() = calls > 0 || (streams > 0 && !paused)
    }

    val dispatcher: CoroutineDispatcher by lazy { options.scheduler?.asCoroutineDispatcher() ?: Dispatchers.Default }
    private val scope by lazy { CoroutineScope(SupervisorJob() + dispatcher) }
    private val lock = Any() // guards the fields below, and that a connection of an older network is never the current one
    private var ready = false
    private val cutOff = HashSet<Any>()

    private val networks = MutableStateFlow(0)
    private val need = MutableStateFlow(Need())
    private val _wanted = MutableStateFlow(true) // connects at once, and rests if nothing follows
    private val current = MutableStateFlow<GatewayConnection?>(null)
    private val refusal = MutableStateFlow<Status?>(null) // of the last attempt, until the next one
    private val closed = CompletableDeferred<Unit>()
    private val _state = MutableStateFlow(WebSocketState.CONNECTING)
    private val _connectionState = MutableStateFlow(Connection(Connection.State.CONNECTING, clock.instant()))
    private var nextAttempt: Instant? = null // during the wait for it; guarded by the lock

    /** Why the last attempt to connect has failed, if it has. */
    @Volatile
    var lastFailure: Status? = null
        private set

    @Volatile
    private var lastRefusal: String? = null // that was logged

    val state: StateFlow<WebSocketState> = _state.asStateFlow()
    val connectionState: StateFlow<Connection> = _connectionState.asStateFlow()

    /** Whether a connection is kept; false: the client rests. */
    val wanted: StateFlow<Boolean> = _wanted.asStateFlow()

    val isClosed: Boolean get() = closed.isCompleted

    /** Begins to connect. */
    fun start() {
        if (isClosed) return
        scope.launch { keepConnected() }
        scope.launch { rest() }
        if (isClosed) scope.cancel()
    }

    /** Keeps the client connected during a call. */
    suspend fun <R> duringCall(call: suspend () -> R): R {
        need.update { it.copy(calls = it.calls + 1) }
        try {
            return call()
        } finally {
            need.update { it.copy(calls = it.calls - 1) }
        }
    }

    /** Keeps the client connected while streams are followed, but not while it is paused. */
    suspend fun <R> whileFollowing(follow: suspend () -> R): R {
        need.update { it.copy(streams = it.streams + 1) }
        try {
            return follow()
        } finally {
            need.update { it.copy(streams = it.streams - 1) }
        }
    }

    /**
     * The present connection, or the next one.
     *
     * @throws NotSentException if the client is closed, or the last attempt has failed for a reason that is not the network's, or
     *   the next one does
     */
    suspend fun connection(): GatewayConnection {
        if (isClosed) throw NotSentException(CLOSED)
        current.value?.let { return it }
        val end = flow { emit(closed.await().let { CLOSED }) }
        val next = merge<Any>(current.filterNotNull(), refusal.filterNotNull(), end).first()
        if (next is Status) throw NotSentException(next)
        return next as GatewayConnection
    }

    /** Whether [connection] is the present one. */
    fun isCurrent(connection: GatewayConnection) = current.value === connection

    /** The events of a stream over the next connection, until that is left. While paused, there is none. */
    fun <E> stream(open: suspend (GatewayConnection, Sent) -> Flow<E>): Flow<E> = flow {
        need.first { !it.paused }
        val connection = current.filterNotNull().first()
        val sent = Sent()
        emitAll(connection.untilLeft(sent, flow { emitAll(open(connection, sent)) }))
    }

    /** Number that changes whenever the connection was left, for another network for instance. */
    val network: Int get() = networks.value

    /** The device has a network, perhaps a new one. */
    fun networkAvailable() = leave()

    fun pause() {
        need.update { it.copy(paused = true) }
        leave()
    }

    fun resume() = need.update { it.copy(paused = false) }

    /** Leaves the present connection, or attempt; what has to be repeated waits for the next one. */
    private fun leave() {
        val old = synchronized(lock) {
            networks.update { it + 1 }
            check.begin()
            refusal.value = null
            current.value.also { withdraw(it) }
        }
        old?.leave()
    }

    /** Waits for [wait] or until the connection was left. Returns whether it was. */
    suspend fun pause(wait: Duration): Boolean {
        val before = networks.value
        return withTimeoutOrNull(wait) { networks.first { it != before } } != null
    }

    /** Sets whether the gateway is cut off from the deployment, according to [stream]. */
    fun setCutOff(cutOff: Boolean, stream: Any) = change {
        if (cutOff) this.cutOff.add(stream) else this.cutOff.remove(stream)
    }

    override fun close() {
        if (!closed.complete(Unit)) return
        scope.cancel()
        val last = synchronized(lock) { current.value.also { withdraw(it) } }
        change { }
        last?.abort()
    }

    /** Ends the need some time after the last call and stream. */
    private suspend fun rest() = need.collectLatestOf({ it.any to it.paused }) { (any, paused) ->
        if (!any && !paused) delay(options.idleAfter)
        change { _wanted.value = any }
    }

    private suspend fun <K> Flow<Need>.collectLatestOf(key: (Need) -> K, act: suspend (K) -> Unit) =
        flow { collect { emit(key(it)) } }.distinctUntilChanged().collectLatest(act)

    private suspend fun keepConnected() {
        val backoff = Backoff()
        while (true) {
            wanted.first { it }
            val network = networks.value
            live(network, backoff)
            if (networks.value != network) backoff.reset() else waitUnlessChanged(network, backoff.failed())
            change { nextAttempt = null }
            refusal.value = null
        }
    }

    private suspend fun waitUnlessChanged(network: Int, wait: Duration) {
        change { nextAttempt = clock.instant().plusNanos(wait.inWholeNanoseconds) }
        withTimeoutOrNull(wait) { superseded(network).first() }
    }

    /** Emits when there is another network, or no connection is needed. */
    private fun superseded(network: Int) = combine(networks, wanted) { now, needed -> now != network || !needed }.filter { it }

    /** Makes a connection, and returns when it has failed, or is not of use any more. */
    private suspend fun live(network: Int, backoff: Backoff) {
        val connection = connect()
        val states = combine(connection.states, networks, wanted) { state, now, needed ->
            state.takeIf { now == network && needed }
        }
        var use = false // whether calls may still end over it
        try {
            when (withTimeoutOrNull(options.connectTimeout) { states.first { it in SETTLED } ?: ConnectivityState.IDLE }) {
                ConnectivityState.READY -> if (publish(connection, network)) {
                    use = true
                    backoff.healthy()
                    val end = states.first { it != ConnectivityState.READY }
                    synchronized(lock) { withdraw(connection) }
                    if (end == null) connection.leave() else connection.retire()
                }
                ConnectivityState.TRANSIENT_FAILURE -> withTimeoutOrNull(options.connectTimeout) { connection.failure() }?.let { failed(it, network) }
                null -> lastFailure = NO_ANSWER
                else -> Unit // no longer of use
            }
        } finally {
            synchronized(lock) { withdraw(connection) }
            if (!use || isClosed) connection.abort() // close() may find it withdrawn
        }
    }

    private suspend fun failed(why: Status, network: Int) {
        lastFailure = why
        val explained = merge(flow { emit(check.explain(why)) }, superseded(network).map<Boolean, Status?> { null }).first() ?: return
        synchronized(lock) {
            if (networks.value == network) refusal.value = explained
        }
        lastFailure = explained
        if (explained.description != lastRefusal) options.log(ClientLogger.Level.WARN, explained.cause) { explained.description!! }
        lastRefusal = explained.description
    }

    /** Makes the connection the current one, unless it is of an older network. */
    private fun publish(connection: GatewayConnection, network: Int): Boolean = synchronized(lock) {
        if (networks.value != network || isClosed) return false
        lastFailure = null
        lastRefusal = null
        check.begin()
        change { ready = true }
        current.value = connection
        true
    }

    private fun withdraw(connection: GatewayConnection?) {
        if (connection == null || !current.compareAndSet(connection, null)) return
        change { ready = false }
    }

    private fun change(update: () -> Unit) = synchronized(lock) {
        update()
        _state.value = if (ready && cutOff.isEmpty()) WebSocketState.CONNECTED else WebSocketState.CONNECTING
        val state = stateNow()
        val before = _connectionState.value
        _connectionState.value = Connection(
            state = state,
            since = if (state == before.state) before.since else clock.instant(),
            lastError = lastFailure?.let(::errorOf),
            nextAttempt = nextAttempt.takeIf { state == Connection.State.WAITING },
        )
    }

    private fun stateNow() = when {
        isClosed -> Connection.State.CLOSED
        ready && cutOff.isEmpty() -> Connection.State.CONNECTED
        ready -> Connection.State.DEPLOYMENT_LOST
        !_wanted.value -> Connection.State.RESTING
        nextAttempt != null -> Connection.State.WAITING
        else -> Connection.State.CONNECTING
    }

    private var lastError: Pair<Status, ConvexException>? = null // so that one failure is one error

    private fun errorOf(failure: Status): ConvexException {
        lastError?.let { (of, error) -> if (of === failure) return error }
        return ConvexException.NotSent(failure.explained, failure.code.name, failure.code.name, cause = failure.cause)
            .also { lastError = failure to it }
    }

    private companion object {
        val SETTLED = setOf(null, ConnectivityState.READY, ConnectivityState.TRANSIENT_FAILURE, ConnectivityState.SHUTDOWN)
        val CLOSED: Status = Status.CANCELLED.withDescription("the client is closed")
        val NO_ANSWER: Status = Status.UNAVAILABLE.withDescription("the connection was accepted, but nothing answered")
    }
}
