package com.convexgateway.client

import com.convexgateway.v1.Connection
import com.convexgateway.v1.TargetChange
import com.convexgateway.v1.TargetChange.OutcomeCase
import com.convexgateway.v1.WatchResponse
import io.grpc.Status
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.flow.StateFlow

/**
 * Follows a group of queries, all of them anonymous or none, for one caller on Watch streams: its results are of one time. The stream of [streams] that it is on guards it.
 *
 * On a stream that takes the place of another one, results are held back until all are there, so that none of before is shown beside them.
 *
 * @property restartsPages whether a page whose journal is refused begins again by itself; otherwise that is a failure, and the end
 */
internal class WatchedGroup(
    keys: List<QueryKey>,
    private val caller: Caller,
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val lastValues: LastValues,
    private val streams: WatchStreams,
    private val restartsPages: Boolean,
    private val publish: Publish,
) : Source {
    private val user = caller as? Caller.User
    val queries = keys.mapIndexed { position, key -> WatchedQuery(key, position, ResultLog(key.path, transport::log)) }

    /** Completes when there will be no more results. */
    val ended = CompletableDeferred<Unit>()

    // Guarded by the stream.
    private val parts = ArrayList<TargetChange>()
    private val held = HashMap<Int, Outcome?>() // changes that wait for the rest of the group
    private var tag = "" // of the identity of the newest results
    private var isHeld = false
    private var isComplete = false
    private var wasComplete = false
    private val newest = HashMap<Int, Outcome>() // that were published
    private val pending = ArrayList<() -> Unit>()
    private var wanted = 0L // the newest time at which the results are wanted
    private var asked = 0L // the time of the checkpoint under way; 0: none

    override val answersCheckpoints get() = true

    override fun shows(outcome: Outcome): Boolean = callers.value === caller && (user == null || user.identities.show(outcome))

    override suspend fun run(restored: () -> Unit): Unit = try {
        restore()
        restored()
        streams.follow(this, caller)
    } finally {
        setCutOff(false)
    }

    override fun ask(time: Long) = streams.ask(this, time)

    private suspend fun restore() {
        for (query in queries) {
            val kept = lastValues.read(caller, query.key) ?: continue
            query.resumeToken = kept.resumeToken
            query.result = Outcome.value(this, kept.identityTag, kept.json, isCached = true)
            show(mapOf(query.position to query.result), readTime = 0, isComplete = false)
            takePending().forEach { it() }
        }
    }

    /** Another stream begins. */
    fun opened() {
        parts.clear()
        held.clear()
        isHeld = wasComplete
        isComplete = false
        asked = 0
        queries.forEach { it.closed() }
    }

    /** The results at a time are wanted. Returns the time of the checkpoint to send; null: one is under way. */
    fun want(time: Long): Long? {
        wanted = maxOf(wanted, time)
        if (asked != 0L) return null
        asked = wanted
        return asked
    }

    /** Returns the time of the next checkpoint to send if [response] answers one, and a newer one is wanted than it was for. */
    fun answered(response: WatchResponse): Long? {
        if (asked == 0L || response.changesCount > 0 || response.hasConnection() && !response.hasReadTime()) return null
        val isNewer = wanted > maxOf(asked, response.readTime.nanos())
        asked = 0
        return if (isNewer) want(wanted) else null
    }

    /** Whether what was published last may not be shown: it is of another identity than the session's. */
    fun hasHidden(): Boolean = newest.values.any { !it.isShown }

    /** Takes a response of the group. Returns the queries that have to be added again. */
    fun take(response: WatchResponse): List<WatchedQuery> {
        noteLink(response)
        parts += response.changesList
        if (response.more) return emptyList()
        val changes = HashMap<Int, Outcome?>()
        if (response.identityTag.isNotEmpty() && response.identityTag != tag) changes += ofOtherIdentities(response.identityTag)
        val again = parts.mapNotNull { change ->
            queries.firstOrNull { it.target == change.target }?.takeUnless { take(it, change, response.identityTag, changes) }
        }
        val hasChanges = parts.isNotEmpty()
        parts.clear()
        if (!hasChanges && !response.hasReadTime()) return again
        val isComplete = queries.all { it.hasOutcome } && if (response.hasReadTime()) response.complete else isComplete
        val readTime = if (response.hasReadTime()) response.readTime.nanos() else 0
        held += changes
        val isOver = queries.all { it.isRefused }
        if (isComplete || isOver || changes.containsValue(null)) isHeld = false
        if (!isHeld) show(HashMap(held), readTime, isComplete).also { held.clear() }
        if (isOver) pending += { ended.complete(Unit) }
        return again
    }

    /** Results of another identity than the group has now are not shown beside its own. */
    private fun ofOtherIdentities(now: String): Map<Int, Outcome?> {
        tag = now
        return (newest + held).filterValues { it != null && it.tag.isNotEmpty() && it.tag != now }.mapValues { null }
    }

    private fun show(changes: Map<Int, Outcome?>, readTime: Long, isComplete: Boolean) {
        for ((position, outcome) in changes) if (outcome == null) newest -= position else newest[position] = outcome
        this.isComplete = isComplete
        wasComplete = wasComplete || isComplete
        pending += { publish(changes, readTime, isComplete) }
    }

    /** What has to be published, by the coroutine that follows the streams, without their lock. */
    fun takePending(): List<() -> Unit> = pending.toList().also { pending.clear() }

    /** Takes a change of a query. Returns false if the query has to be added again. */
    private fun take(query: WatchedQuery, change: TargetChange, tag: String, changes: MutableMap<Int, Outcome?>): Boolean {
        query.hasOutcome = true
        when (change.outcomeCase) {
            OutcomeCase.VALUE_JSON -> {
                query.log.add(change.logLinesList, change.valueJson.hashCode())
                query.result = Outcome.value(this, tag, change.valueJson).also { changes[query.position] = it }
                lastValues.write(caller, query.key, LastValue(tag, change.resumeToken, change.valueJson))
            }
            OutcomeCase.FUNCTION_ERROR -> {
                val error = change.functionError
                query.log.add(error.logLinesList, error.reason to error.dataJson.hashCode())
                query.result = Outcome.failure(this, error.toException(), tag).also { changes[query.position] = it }
                lastValues.remove(caller, query.key)
            }
            OutcomeCase.UNCHANGED -> query.result = query.result?.confirmed(tag)?.also { changes[query.position] = it }
            OutcomeCase.REMOVED -> return removed(query, change, changes)
            else -> Unit // a kind of a newer gateway
        }
        query.resumeToken = change.resumeToken
        query.removedFor = null
        return true
    }

    private fun removed(query: WatchedQuery, change: TargetChange, changes: MutableMap<Int, Outcome?>): Boolean {
        val reason = change.removed.reason
        query.closed()
        query.forget()
        if (reason == PAGE_RESTART && restartsPages) return false.also { query.hasOutcome = false }
        val code = Status.fromCodeValue(change.removed.code).code
        if (query.removedFor == reason) return true
        query.removedFor = reason
        query.isRefused = code == Status.Code.INVALID_ARGUMENT || reason == PAGE_RESTART
        changes[query.position] = Outcome.failure(this, GatewayError(change.removed.message, reason, code.name))
        return true
    }

    /** All of its queries have failed. */
    fun fail(error: ConvexException) {
        val changes = queries.filter { !it.isRefused }.associate { it.position to Outcome.failure(this, error) }
        newest += changes
        pending += { publish(changes, 0, false) }
    }

    /** Forgets kept resume tokens. Returns whether there were any. */
    fun forgetKept(): Boolean {
        val kept = queries.filter { it.result?.isCached == true }
        for (query in kept) query.forget().also { lastValues.remove(caller, query.key) }
        return kept.isNotEmpty()
    }

    private fun noteLink(response: WatchResponse) = when (response.connection.state) {
        Connection.State.STATE_RECONNECTING -> {
            isHeld = false // from here on the gateway holds back
            setCutOff(true)
        }
        Connection.State.STATE_CONNECTING -> Unit // the first connection for this caller; not a failure
        else -> setCutOff(false) // connected, or a result
    }

    fun setCutOff(cutOff: Boolean) = transport.link.setCutOff(cutOff, this)
}
