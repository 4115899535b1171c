package com.convexgateway.client

import com.convexgateway.v1.Connection
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.SubscribeResponse.EventCase
import com.google.protobuf.ByteString
import io.grpc.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.flow.onEach

/**
 * Follows a query for one caller, over one stream after the other.
 *
 * @param publish gets each result, and each failure that another stream does not mend
 */
internal class Follower(
    private val query: QueryKey,
    private val caller: Caller,
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val lastValues: LastValues,
    private val publish: (Outcome) -> Unit,
) {
    private val user = caller as? Caller.User
    private val args = ByteString.copyFromUtf8(query.args)
    private val backoff = Backoff()
    private var resumeToken = ""
    private var result: Outcome? = null // that the resume token is of

    @Volatile
    private var newest: Outcome? = null // that was published

    private var lastFailure: String? = null // reason of the last failure emitted, which is not repeated
    private var refusals = 0 // of the credential in a row
    private var isOutdated = false // the last stream was ended because the caller has another identity than its results
    private val log = ResultLog(query.path, transport::log)

    /** Whether the current caller may see an outcome of this follower. */
    fun shows(outcome: Outcome): Boolean = callers.value === caller && (user == null || user.identities.show(outcome))

    /** Opens streams until another one would be of no use. Calls [restored] when the kept value was published, if there is one. */
    suspend fun run(restored: () -> Unit): Unit = try {
        transport.link.whileFollowing {
            restore()
            restored()
            follow()
        }
    } finally {
        transport.link.setCutOff(cutOff = false, this)
    }

    private suspend fun restore() {
        val kept = lastValues.read(caller, query) ?: return
        resumeToken = kept.resumeToken
        show(Outcome.value(this, kept.identityTag, kept.json, isCached = true))
    }

    private fun show(outcome: Outcome) {
        result = outcome
        newest = outcome
        publish(outcome)
    }

    private suspend fun follow() {
        while (true) {
            val token = caller.credential
            val network = transport.link.network
            val failure = stream(token)
            when {
                isOutdated -> isOutdated = false
                failure?.code == Status.Code.INVALID_ARGUMENT && result?.isCached == true -> forget()
                failure != null && failure.isFinal -> return fail(failure)
                failure != null && failure.isOfCredential -> renew(failure, token)
                network != transport.link.network -> backoff.reset()
                else -> wait(failure)
            }
        }
    }

    /** Runs one stream to its end. Returns its failure, or null if it has none. */
    private suspend fun stream(token: String?): Failure? {
        if (user == null) return read(token)
        val tag = user.identities.current
        val identityChange = flow<Failure?> {
            user.identities.changes.first { user.identities.current != tag && newest?.isShown == false }
            isOutdated = true
            emit(null)
        }
        return merge(flow { emit(read(token)) }, identityChange).first()
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

    private fun begin(token: String?) {
        log.begin()
        backoff.healthy()
        lastFailure = null
        refusals = 0
        if (token != null) user?.opened(token)
    }

    /** The [events] that are results for the caller. */
    private fun present(events: Flow<SubscribeResponse>): Flow<SubscribeResponse> {
        val results = events.filter { it.eventCase != EventCase.CONNECTION }
        return user?.present(results) { it.identityTag } ?: results
    }

    private fun request() = SubscribeRequest.newBuilder().setPath(query.path).setArgsJson(args).setResumeToken(resumeToken)
        .apply { user?.let { setRefreshKey(it.refreshKey) } }

    private fun handle(event: SubscribeResponse) {
        log.add(event)
        when (event.eventCase) {
            EventCase.VALUE_JSON -> {
                show(Outcome.value(this, event.identityTag, event.valueJson))
                lastValues.write(caller, query, LastValue(event.identityTag, event.resumeToken, event.valueJson))
            }
            EventCase.FUNCTION_ERROR -> {
                show(Outcome.failure(this, event.functionError.toException(), event.identityTag))
                lastValues.remove(caller, query)
            }
            EventCase.UNCHANGED -> result?.let { if (it.isCached || it !== newest) show(it.confirmed(event.identityTag)) }
            else -> Unit // a kind of a newer gateway
        }
        resumeToken = event.resumeToken
    }

    private fun noteLink(event: SubscribeResponse) = when (event.connection.state) {
        Connection.State.STATE_RECONNECTING -> transport.link.setCutOff(cutOff = true, this)
        Connection.State.STATE_CONNECTING -> Unit // the first connection for this caller; not a failure
        else -> transport.link.setCutOff(cutOff = false, this) // connected, or a result
    }

    /** The request may be wrong because of the kept resume token: the next stream is opened without it. */
    private fun forget() {
        resumeToken = ""
        result = null
        lastValues.remove(caller, query)
    }

    private val Failure.isFinal get() = code == Status.Code.INVALID_ARGUMENT || details.reason == PAGE_RESTART
    private val Failure.isOfCredential get() = refusesCredential || forbidsCaller

    /** Waits for another token. Without one, waits until another caller replaces this one. */
    private suspend fun renew(failure: Failure, token: String?) {
        if (token == null || failure.forbidsCaller) fail(failure)
        if (user == null || token == null) awaitCancellation()
        user.tokenAfter(token)
        if (refusals++ > 0) transport.link.pause(backoff.failed())
    }

    private suspend fun wait(failure: Failure?) {
        if (failure != null && !failure.isOfConnection) fail(failure)
        if (failure?.reason == DEPLOYMENT_UNAVAILABLE) transport.link.setCutOff(cutOff = true, this)
        val atLeast = failure?.details?.retryAfterMillis?.milliseconds ?: Duration.ZERO
        if (transport.link.pause(backoff.failed(atLeast))) backoff.reset()
    }

    private fun fail(failure: Failure) {
        if (lastFailure == failure.reason) return
        lastFailure = failure.reason
        newest = Outcome.failure(this, failure.toException()).also(publish)
    }

    private companion object {
        const val DEPLOYMENT_UNAVAILABLE = "DEPLOYMENT_UNAVAILABLE"
        const val PAGE_RESTART = "PAGE_RESTART"
    }
}
