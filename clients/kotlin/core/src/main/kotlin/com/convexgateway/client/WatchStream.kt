package com.convexgateway.client

import com.convexgateway.v1.AuthStateResponse
import com.convexgateway.v1.Checkpoint
import com.convexgateway.v1.ValueFormat
import com.convexgateway.v1.WatchOptions
import com.convexgateway.v1.WatchRequest
import com.convexgateway.v1.WatchResponse
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.cancelChildren
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.consumeAsFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.launch

/** One caller's groups on one Watch stream, and on another one when that has ended. Newer tokens of the caller are sent inside. */
internal class WatchStream(private val caller: Caller, private val transport: Transport) : StreamLoop(caller, transport) {
    private val lock = Any() // guards the fields below, and the groups
    private val groups = LinkedHashMap<Int, WatchedGroup>()
    private var lastGroup = -1
    private var lastTarget = 0 // of the present stream
    private var commands: Channel<WatchRequest>? = null // of the present stream
    private var hasBegun = false // the present stream has had a response

    fun add(group: WatchedGroup) = synchronized(lock) {
        groups[++lastGroup] = group
        group.opened()
        if (commands != null) for (query in group.queries) add(query, lastGroup)
    }

    fun remove(group: WatchedGroup) = synchronized(lock) {
        groups.values.remove(group)
        for (query in group.queries) if (query.target != 0) send { setRemove(query.target) }
        group.setCutOff(false)
    }

    /** Does nothing until the stream has begun: what is asked meanwhile would all be sent then. */
    fun ask(group: WatchedGroup, time: Long) = synchronized(lock) {
        if (!hasBegun) return@synchronized
        val number = groups.entries.firstOrNull { it.value === group }?.key ?: return@synchronized
        group.want(time)?.let { check(number, it) }
    }

    private fun check(group: Int, time: Long) =
        send { setCheckpoint(Checkpoint.newBuilder().setGroup(group).setMinReadTime(timestampOf(time))) }

    private fun add(query: WatchedQuery, group: Int) {
        if (!query.isRefused) send { setAdd(query.opened(++lastTarget, group)) }
    }

    private fun send(command: WatchRequest.Builder.() -> WatchRequest.Builder) {
        commands?.trySend(WatchRequest.newBuilder().command().build())
    }

    /** Follows the groups until it is cancelled, or no stream can be opened. */
    suspend fun run() {
        val end = runCatching { transport.link.whileFollowing { loop() } }
        synchronized(lock) { groups.values.toList() }.forEach { group ->
            end.fold({ group.ended.complete(Unit) }, { group.ended.completeExceptionally(it) })
        }
    }

    override suspend fun stream(token: String?): Failure? = try {
        merge(flow { emit(read(token)) }, identityChange()).first()
    } finally {
        synchronized(lock) {
            commands = null
            hasBegun = false
        }
    }

    /** Emits when the session has another identity, and no newer token has given it to the stream. */
    private fun identityChange() = flow<Failure?> {
        val user = user ?: return@flow
        var tag = user.identities.current
        while (true) {
            user.identities.changes.first { user.identities.current != tag }
            tag = user.identities.current
            delay(SWAP)
            if (user.identities.current == tag && synchronized(lock) { groups.values.any { it.hasHidden() } }) break
        }
        isOutdated = true
        emit(null)
    }

    private suspend fun read(token: String?): Failure? {
        var begun = false
        return failureOf {
            coroutineScope {
                launch { renew(token) }
                transport.watch(opened().consumeAsFlow(), token).collect {
                    if (!begun) begin(token)
                    begun = true
                    take(it)
                }
                coroutineContext.cancelChildren()
            }
        }
    }

    override fun begin(token: String?) {
        super.begin(token)
        synchronized(lock) { hasBegun = true }
    }

    /** The commands of another stream. */
    private fun opened(): Channel<WatchRequest> = synchronized(lock) {
        val channel = Channel<WatchRequest>(Channel.UNLIMITED)
        commands = channel
        lastTarget = 0
        send { setOpen(WatchOptions.newBuilder().setValueFormat(ValueFormat.VALUE_FORMAT_JSON)) }
        for ((number, group) in groups) {
            group.opened()
            for (query in group.queries) add(query, number)
        }
        channel
    }

    private suspend fun renew(opened: String?) {
        var last = opened ?: return
        user?.newTokens?.collect { token ->
            if (token != last) synchronized(lock) { send { setToken(token) } }
            last = token
        }
    }

    private suspend fun CoroutineScope.take(response: WatchResponse) {
        if (response.hasAuth()) return take(response.auth)
        user?.settled(response.identityTag)
        val (group, again) = synchronized(lock) {
            val group = groups[response.group] ?: return // removed
            group.take(response).onEach { add(it, response.group) }
            group.answered(response)?.let { check(response.group, it) }
            val removed = group.queries.filter { it.target == 0 && !it.isRefused }
            group to if (response.changesList.any { it.hasRemoved() }) removed else emptyList()
        }
        publishPending(listOf(group))
        if (again.isNotEmpty()) launch { addLater(again, response.group) }
    }

    /** Adds queries again that the gateway has removed because there was no room. */
    private suspend fun addLater(queries: List<WatchedQuery>, group: Int) {
        delay(ROOM)
        synchronized(lock) { if (group in groups) for (query in queries) if (query.target == 0) add(query, group) }
    }

    private fun take(state: AuthStateResponse) {
        if (state.hasTokenNeededBy() || state.refreshing) user?.needsToken()
    }

    private fun publishPending(of: List<WatchedGroup>) = synchronized(lock) { of.flatMap { it.takePending() } }.forEach { it() }

    override fun publish(error: ConvexException) =
        publishPending(synchronized(lock) { groups.values.onEach { it.fail(error) }.toList() })

    override fun setCutOff(cutOff: Boolean) = synchronized(lock) { groups.values.forEach { it.setCutOff(cutOff) } }

    override fun forgetKept(): Boolean = synchronized(lock) { groups.values.map { it.forgetKept() }.any { it } }

    private companion object {
        /** How long a stream may take to change to the session's identity. */
        val SWAP = 5.seconds

        /** After which time queries are added again for which there was no room. */
        val ROOM = 5.seconds
    }
}
