package com.convexgateway.client

import com.convexgateway.v1.Connection
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.SubscribeResponse.EventCase
import com.google.protobuf.ByteString
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.update

/**
 * Follows a query for one caller, over one Subscribe stream after the other. Asked for a time, it opens another one: its first result, or
 * `unchanged`, holds at that time.
 *
 * @param publish gets each result, and each failure that another stream does not mend
 */
internal class Follower(
    private val query: QueryKey,
    private val caller: Caller,
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val lastValues: LastValues,
    private val publish: Publish,
) : StreamLoop(caller, transport), Source {
    private val args = ByteString.copyFromUtf8(query.args)
    private var resumeToken = ""
    private var result: Outcome? = null // that the resume token is of
    private val asked = MutableStateFlow(0L) // the newest time that was asked for
    private val asks = MutableStateFlow(0)

    @Volatile
    private var newest: Outcome? = null // that was published

    @Volatile
    private var readTime = 0L // of the newest result

    private val log = ResultLog(query.path, transport::log)

    override val answersCheckpoints get() = false

    override fun shows(outcome: Outcome): Boolean = callers.value === caller && (user == null || user.identities.show(outcome))

    override fun ask(time: Long) {
        asked.update { maxOf(it, time) }
        asks.update { it + 1 }
    }

    override suspend fun run(restored: () -> Unit): Unit = try {
        transport.link.whileFollowing {
            restore()
            restored()
            loop()
        }
    } finally {
        setCutOff(false)
    }

    private suspend fun restore() {
        val kept = lastValues.read(caller, query) ?: return
        resumeToken = kept.resumeToken
        show(Outcome.value(this, kept.identityTag, kept.json, isCached = true), readTime = 0)
    }

    private fun show(outcome: Outcome, readTime: Long) {
        result = outcome
        newest = outcome
        this.readTime = readTime
        publish(mapOf(0 to outcome), readTime, true)
    }

    override suspend fun stream(token: String?): Failure? {
        val asksBefore = asks.value
        val ask = flow<Failure?> {
            asks.first { it != asksBefore && asked.value > readTime }
            isOutdated = true
            emit(null)
        }
        return merge(flow { emit(read(token)) }, ask, identityChange()).first()
    }

    /** Emits when the session has another identity than the result, which may not be shown any more. */
    private fun identityChange() = flow<Failure?> {
        val user = user ?: return@flow
        val tag = user.identities.current
        user.identities.changes.first { user.identities.current != tag && newest?.isShown == false }
        isOutdated = true
        emit(null)
    }

    private suspend fun read(token: String?): Failure? {
        var begun = false
        val events = transport.subscribe(request(), token).onEach {
            if (!begun) begin(token)
            begun = true
            noteLink(it)
        }
        return failureOf { present(events).collect { handle(it) } }
    }

    override fun begin(token: String?) {
        log.begin()
        super.begin(token)
    }

    /** The [events] that are results for the caller. */
    private fun present(events: Flow<SubscribeResponse>): Flow<SubscribeResponse> {
        val results = events.filter { it.eventCase != EventCase.CONNECTION }
        return user?.present(results) { it.identityTag } ?: results
    }

    private fun request() = SubscribeRequest.newBuilder().setPath(query.path).setArgsJson(args).setResumeToken(resumeToken)
        .setAnonymous(query.isAnonymous)
        .apply { user?.let { setRefreshKey(it.refreshKey) } }
        .apply { asked.value.let { if (it > readTime) setMinReadTime(timestampOf(it)) } }

    private fun handle(event: SubscribeResponse) {
        log.add(event)
        val time = if (event.hasReadTime()) event.readTime.nanos() else Long.MAX_VALUE // of a gateway that has none
        when (event.eventCase) {
            EventCase.VALUE_JSON -> {
                show(Outcome.value(this, event.identityTag, event.valueJson), time)
                lastValues.write(caller, query, LastValue(event.identityTag, event.resumeToken, event.valueJson))
            }
            EventCase.FUNCTION_ERROR -> {
                show(Outcome.failure(this, event.functionError.toException(), event.identityTag), time)
                lastValues.remove(caller, query)
            }
            EventCase.UNCHANGED -> result?.let { show(if (it.isCached || it !== newest) it.confirmed(event.identityTag) else it, time) }
            else -> Unit // a kind of a newer gateway
        }
        resumeToken = event.resumeToken
    }

    private fun noteLink(event: SubscribeResponse) = when (event.connection.state) {
        Connection.State.STATE_RECONNECTING -> setCutOff(true)
        Connection.State.STATE_CONNECTING -> Unit // the first connection for this caller; not a failure
        else -> setCutOff(false) // connected, or a result
    }

    override fun setCutOff(cutOff: Boolean) = transport.link.setCutOff(cutOff, this)

    override fun forgetKept(): Boolean {
        if (result?.isCached != true) return false
        resumeToken = ""
        result = null
        lastValues.remove(caller, query)
        return true
    }

    override fun publish(error: ConvexException) {
        newest = Outcome.failure(this, error).also { publish(mapOf(0 to it), readTime, false) }
    }
}
