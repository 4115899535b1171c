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

/** A query that is followed for the current caller, over one stream after the other. */
internal class Subscription<T>(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val path: String,
    private val args: ByteString,
    private val read: suspend (json: ByteString) -> T,
) {
    /** A result and the caller that it is for. null: the end. */
    private class Outcome<T>(val caller: Caller, val result: Result<T>?)

    /** The results for the current caller. */
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

    /** Emits the results for a caller. Returns when there will be no more. */
    private suspend fun FlowCollector<Outcome<T>>.follow(caller: Caller) = when (caller) {
        Caller.Undecided -> awaitCancellation()
        Caller.Closed -> Unit
        else -> Follower(caller).run { emit(Outcome(caller, it)) }
    }

    /** Follows the query for one caller. */
    private inner class Follower(private val caller: Caller) {
        private val backoff = Backoff()
        private var resumeToken = ""
        private var lastFailure: String? = null // reason of the last failure emitted, which is not repeated
        private var refusals = 0 // of the credential in a row
        private val log = ResultLog(path, transport::log)

        /** Opens streams until another one would be of no use. */
        suspend fun run(emit: suspend (Result<T>) -> Unit): Unit = try {
            transport.link.whileFollowing { follow(emit) }
        } finally {
            transport.link.setCutOff(cutOff = false, this)
        }

        private suspend fun follow(emit: suspend (Result<T>) -> Unit) {
            while (true) {
                val token = caller.credential
                val network = transport.link.network
                val failure = stream(token, emit)
                when {
                    failure?.code == Status.Code.INVALID_ARGUMENT -> return emitFailure(failure, emit)
                    failure != null && failure.isOfCredential -> renew(failure, token, emit)
                    network != transport.link.network -> backoff.reset()
                    else -> wait(failure, emit)
                }
            }
        }

        /** Runs one stream to its end. Returns its failure, or null if it has none. */
        private suspend fun stream(token: String?, emit: suspend (Result<T>) -> Unit): Failure? {
            var begun = false
            val events = transport.subscribe(request(), token).onEach {
                if (!begun) begin(token)
                begun = true
                noteLink(it)
            }
            return failureOf { present(events).collect { handle(it, emit) } }
        }

        private fun begin(token: String?) {
            log.begin()
            backoff.healthy()
            lastFailure = null
            refusals = 0
            if (caller is Caller.User && token != null) caller.opened(token)
        }

        /** The [events] that are results for the caller. */
        private fun present(events: Flow<SubscribeResponse>): Flow<SubscribeResponse> {
            val results = events.filter { it.eventCase != EventCase.CONNECTION }
            return if (caller is Caller.User) caller.present(results) { it.identityTag } else results
        }

        private fun request() = SubscribeRequest.newBuilder().setPath(path).setArgsJson(args).setResumeToken(resumeToken)
            .apply { (caller as? Caller.User)?.let { setRefreshKey(it.refreshKey) } }

        private suspend fun handle(event: SubscribeResponse, emit: suspend (Result<T>) -> Unit) {
            log.add(event)
            when (event.eventCase) {
                EventCase.VALUE_JSON -> emit(result(event.valueJson))
                EventCase.FUNCTION_ERROR -> emit(Result.failure(event.functionError.toException()))
                else -> Unit // unchanged, or a kind of a newer gateway
            }
            resumeToken = event.resumeToken // now that the result is emitted
        }

        private fun noteLink(event: SubscribeResponse) = when (event.connection.state) {
            Connection.State.STATE_RECONNECTING -> transport.link.setCutOff(cutOff = true, this)
            Connection.State.STATE_CONNECTING -> Unit // the first connection for this caller; not a failure
            else -> transport.link.setCutOff(cutOff = false, this) // connected, or a result
        }

        private suspend fun result(json: ByteString): Result<T> = try {
            Result.success(read(json))
        } catch (e: InternalError) {
            Result.failure(e)
        }

        private val Failure.isOfCredential get() = refusesCredential || forbidsCaller

        /** Waits for another token. Without one, waits until another caller replaces this one. */
        private suspend fun renew(failure: Failure, token: String?, emit: suspend (Result<T>) -> Unit) {
            if (token == null || failure.forbidsCaller) emitFailure(failure, emit)
            if (caller !is Caller.User || token == null) awaitCancellation()
            caller.tokenAfter(token)
            if (refusals++ > 0) transport.link.pause(backoff.failed())
        }

        private suspend fun wait(failure: Failure?, emit: suspend (Result<T>) -> Unit) {
            if (failure != null && !failure.isOfConnection) emitFailure(failure, emit)
            if (failure?.reason == DEPLOYMENT_UNAVAILABLE) transport.link.setCutOff(cutOff = true, this)
            val atLeast = failure?.details?.retryAfterMillis?.milliseconds ?: Duration.ZERO
            if (transport.link.pause(backoff.failed(atLeast))) backoff.reset()
        }

        private suspend fun emitFailure(failure: Failure, emit: suspend (Result<T>) -> Unit) {
            if (lastFailure == failure.reason) return
            lastFailure = failure.reason
            emit(Result.failure(failure.toException()))
        }
    }

    private companion object {
        const val DEPLOYMENT_UNAVAILABLE = "DEPLOYMENT_UNAVAILABLE"
    }
}
