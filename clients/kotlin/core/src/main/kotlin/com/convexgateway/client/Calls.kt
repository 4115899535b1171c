package com.convexgateway.client

import com.google.protobuf.ByteString
import io.grpc.Status
import io.grpc.StatusException
import kotlin.time.Duration
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.merge
import kotlinx.coroutines.withTimeoutOrNull

/** Unary calls of functions, with the current caller's token. Arguments and results are JSON. */
internal class Calls(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val options: ClientOptions,
) {
    private val requestIds = RequestIds()

    suspend fun query(path: String, args: ByteString, anonymous: Boolean): ByteString =
        call(path, options.queryTimeout) { _, token -> transport.query(path, args, anonymous, token()) }

    /**
     * @param requestId of the app, or null: the client makes one
     * @param ended gets the result once, also that of a mutation that has continued after the call was cancelled
     */
    suspend fun mutate(path: String, args: ByteString, requestId: String?, ended: (Result<Written>) -> Unit = {}): Written =
        if (options.cancelSentMutations) reporting(ended) { mutateOnce(path, args, requestId, Sent()) }
        else uncut(ended) { mutateOnce(path, args, requestId, it) }

    private suspend fun reporting(ended: (Result<Written>) -> Unit, mutate: suspend () -> Written): Written =
        runCatching { mutate() }.also(ended).getOrThrow()

    /** A mutation of an app's id is never made without it: the app may send the id again, also after its process has ended. */
    private suspend fun mutateOnce(path: String, args: ByteString, requestId: String?, sent: Sent): Written {
        var id = requestId ?: requestIds.next()
        return call(path, options.mutationTimeout, "MUTATION_OUTCOME_UNKNOWN", sent) { end, token ->
            try {
                transport.mutate(path, args, id, end, sent, token)
            } catch (e: StatusException) {
                val refusesIds = id != null && requestIds.areRefusedBy(Failure(e.status, StatusDetails.of(e.trailers), e))
                if (!refusesIds || requestId != null || sent.mayHaveRun) throw e
                id = null
                transport.mutate(path, args, null, end, sent, token)
            }
        }
    }

    /** Makes a mutation that continues without its caller, if that is cancelled after it was sent. */
    private suspend fun uncut(ended: (Result<Written>) -> Unit, mutate: suspend (Sent) -> Written): Written {
        val sent = Sent()
        val running = CoroutineScope(transport.link.dispatcher).async(start = CoroutineStart.ATOMIC) { reporting(ended) { mutate(sent) } }
        try {
            return running.await()
        } catch (e: CancellationException) {
            if (!sent.happened && !sent.mayHaveRun) running.cancel()
            throw e
        }
    }

    suspend fun action(path: String, args: ByteString): ByteString =
        call(path, options.actionTimeout, "ACTION_OUTCOME_UNKNOWN") { _, token -> transport.action(path, args, token()) }

    /**
     * Makes a call, and once more with a new token if the token was refused: nothing has run then.
     *
     * @param lost the reason of the error if the connection is lost during the call
     * @param rpc makes the call, with the token at that time for each attempt: always one of the user who made the call
     */
    private suspend fun <R : Any> call(
        path: String,
        timeout: Duration,
        lost: String? = null,
        sent: Sent? = null,
        rpc: suspend (end: TimeMark, token: () -> String?) -> R,
    ): R {
        val end = TimeSource.Monotonic.markNow() + timeout
        var caller = caller(timeout)
        var used: String? = null
        val token = {
            val now = callers.value
            if (now is Caller.User && now.isUserOf(caller)) caller = now // signed in again
            caller.credential.also { used = it }
        }
        var answer: R? = null
        val failure = failureOf { answer = rpc(end, token) } ?: return answer!!
        val user = caller as? Caller.User
        val fresh = if (failure.refusesCredential && user != null) user.tokenUntil(end, used!!) else null
        if (fresh == null) throw failed(path, failure, lost, sent)
        failureOf { answer = rpc(end, token) }?.let { throw failed(path, it, lost, sent) }
        return answer!!
    }

    private fun failed(path: String, failure: Failure, lost: String?, sent: Sent?): Exception {
        failure.details.functionError?.let { options.logLines(path, it.logLinesList) }
        return failure.toException(lost, sent?.mayHaveRun == true)
    }

    /** Another token than the refused one, or null when there is none in time, or the session has ended. */
    private suspend fun Caller.User.tokenUntil(end: TimeMark, refused: String) = transport.link.duringCall {
        withTimeoutOrNull(-end.elapsedNow()) {
            merge(flow<String?> { emit(tokenAfter(refused)) }, callers.filter { it !== this@tokenUntil }.map<Caller, String?> { null }).first()
        }
    }

    private suspend fun caller(timeout: Duration): Caller {
        val caller = withTimeoutOrNull(timeout) { callers.first { it != Caller.Undecided } }
            ?: throw ConvexException.NotSent("the sign-in took too long", "DEADLINE_EXCEEDED", Status.Code.DEADLINE_EXCEEDED.name)
        if (caller == Caller.Closed) throw ConvexException.NotSent("the client is closed", "CANCELLED", Status.Code.CANCELLED.name)
        return caller
    }
}
