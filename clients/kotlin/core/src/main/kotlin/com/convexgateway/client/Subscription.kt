package com.convexgateway.client

import com.convexgateway.v1.Connection
import com.convexgateway.v1.SubscribeRequest
import com.convexgateway.v1.SubscribeResponse
import com.convexgateway.v1.SubscribeResponse.EventCase
import com.google.protobuf.ByteString
import io.grpc.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.FlowCollector
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.takeWhile
import kotlinx.coroutines.flow.transformLatest

/** A query that is followed on behalf of whoever is signed in, over any number of streams. */
internal class Subscription<T>(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val path: String,
    private val args: ByteString,
    private val read: suspend (json: ByteString) -> T,
) {
    /** Something to tell, and on whose behalf. No result is the end. */
    private class Outcome<T>(val caller: Caller, val result: Result<T>?)

    /** The results of whoever is signed in at the time. */
    @OptIn(ExperimentalCoroutinesApi::class)
    fun results(): Flow<Result<T>> = callers
        .transformLatest<Caller, Outcome<T>> { caller ->
            follow(caller)
            emit(Outcome(caller, null))
        }
        .buffer(0)
        .filter { it.caller === callers.value || it.result == null }
        .takeWhile { it.result != null }
        .map { it.result!! }

    /** Returns when there will be nothing more to tell. */
    private suspend fun FlowCollector<Outcome<T>>.follow(caller: Caller) = when (caller) {
        Caller.Undecided -> awaitCancellation()
        Caller.Closed -> Unit
        else -> Follower(caller).run { emit(Outcome(caller, it)) }
    }

    /** Follows for one caller, in one stream after the other. */
    private inner class Follower(private val caller: Caller) {
        private val backoff = Backoff()
        private var resumeToken = ""
        private var complaint: String? = null // told last, and not to be repeated
        private var refusals = 0 // of the credential, without an event in between

        /** Returns when there is no use in another stream. */
        suspend fun run(tell: suspend (Result<T>) -> Unit): Unit = try {
            while (true) {
                val token = caller.credential
                val network = transport.link.network
                val failure = stream(token, tell)
                when {
                    failure?.code == Status.Code.INVALID_ARGUMENT -> return complain(failure, tell)
                    failure != null && failure.isOfCredential -> renew(failure, token, tell)
                    network != transport.link.network -> backoff.reset()
                    else -> wait(failure, tell)
                }
            }
        } finally {
            transport.link.deploymentIs(cutOff = false, this)
        }

        /** Runs one stream to its end; returns why it ended, null if nobody said. */
        private suspend fun stream(token: String?, tell: suspend (Result<T>) -> Unit): Failure? {
            var begun = false
            val events = transport.subscribe(request(), token).onEach {
                if (!begun) begin(token)
                begun = true
                noteLink(it)
            }
            return failureOf { present(transport.link.onThisNetwork(events)).collect { take(it, tell) } }
        }

        private fun begin(token: String?) {
            backoff.healthy()
            complaint = null
            refusals = 0
            if (caller is Caller.User && token != null) caller.opened(token)
        }

        /** What there is to tell of the [events]. */
        private fun present(events: Flow<SubscribeResponse>): Flow<SubscribeResponse> {
            val results = events.filter { it.eventCase != EventCase.CONNECTION }
            return if (caller is Caller.User) caller.present(results) { it.identityTag } else results
        }

        private fun request() = SubscribeRequest.newBuilder().setPath(path).setArgsJson(args).setResumeToken(resumeToken)
            .apply { (caller as? Caller.User)?.let { setRefreshKey(it.refreshKey) } }

        private suspend fun take(event: SubscribeResponse, tell: suspend (Result<T>) -> Unit) {
            when (event.eventCase) {
                EventCase.VALUE_JSON -> tell(result(event.valueJson))
                EventCase.FUNCTION_ERROR -> tell(Result.failure(event.functionError.toException()))
                else -> Unit // unchanged, or a kind of a newer gateway
            }
            resumeToken = event.resumeToken // told, so it need not be told again
        }

        private fun noteLink(event: SubscribeResponse) = when (event.connection.state) {
            Connection.State.STATE_RECONNECTING -> transport.link.deploymentIs(cutOff = true, this)
            Connection.State.STATE_CONNECTING -> Unit // it is made for whoever comes first, and that is no trouble
            else -> transport.link.deploymentIs(cutOff = false, this) // as any result tells, too
        }

        private suspend fun result(json: ByteString): Result<T> = try {
            Result.success(read(json))
        } catch (e: InternalError) {
            Result.failure(e)
        }

        private val Failure.isOfCredential get() = refusesCredential || forbidsCaller

        /** Waits for a credential that may be better. An anonymous caller has none, and waits for a user. */
        private suspend fun renew(failure: Failure, token: String?, tell: suspend (Result<T>) -> Unit) {
            if (token == null || failure.forbidsCaller) complain(failure, tell)
            if (caller !is Caller.User || token == null) awaitCancellation()
            caller.tokenAfter(token)
            if (refusals++ > 0) transport.link.pause(backoff.failed())
        }

        private suspend fun wait(failure: Failure?, tell: suspend (Result<T>) -> Unit) {
            if (failure != null && !failure.isOfConnection) complain(failure, tell)
            if (failure?.reason == DEPLOYMENT_UNAVAILABLE) transport.link.deploymentIs(cutOff = true, this)
            val atLeast = failure?.details?.retryAfterMillis?.milliseconds ?: Duration.ZERO
            if (transport.link.pause(backoff.failed(atLeast))) backoff.reset()
        }

        private suspend fun complain(failure: Failure, tell: suspend (Result<T>) -> Unit) {
            if (complaint == failure.reason) return
            complaint = failure.reason
            tell(Result.failure(failure.toException()))
        }
    }

    private companion object {
        const val DEPLOYMENT_UNAVAILABLE = "DEPLOYMENT_UNAVAILABLE"
    }
}
