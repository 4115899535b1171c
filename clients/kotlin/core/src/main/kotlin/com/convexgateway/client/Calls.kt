package com.convexgateway.client

import com.google.protobuf.ByteString
import io.grpc.Status
import kotlin.time.Duration
import kotlin.time.TimeMark
import kotlin.time.TimeSource
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
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
    suspend fun query(path: String, args: ByteString): ByteString =
        call(path, options.queryTimeout) { transport.query(path, args, it) }

    suspend fun mutate(path: String, args: ByteString): ByteString =
        if (options.cancelSentMutations) mutateOnce(path, args, Sent()) else uncut { mutateOnce(path, args, it) }

    private suspend fun mutateOnce(path: String, args: ByteString, sent: Sent) =
        call(path, options.mutationTimeout, "MUTATION_OUTCOME_UNKNOWN") { transport.mutate(path, args, it, sent) }

    /** Makes a mutation that continues without its caller, if that is cancelled after it was sent. */
    private suspend fun uncut(mutate: suspend (Sent) -> ByteString): ByteString {
        val sent = Sent()
        val running = CoroutineScope(transport.link.dispatcher).async { runCatching { mutate(sent) } }
        try {
            return running.await().getOrThrow()
        } catch (e: CancellationException) {
            if (!sent.happened) running.cancel()
            throw e
        }
    }

    suspend fun action(path: String, args: ByteString): ByteString =
        call(path, options.actionTimeout, "ACTION_OUTCOME_UNKNOWN") { transport.action(path, args, it) }

    /**
     * Makes a call, and once more with a new token if the token was refused: nothing has run then.
     *
     * @param lost the reason of the error if the connection is lost during the call
     */
    private suspend fun call(
        path: String,
        timeout: Duration,
        lost: String? = null,
        rpc: suspend (token: String?) -> ByteString,
    ): ByteString {
        val end = TimeSource.Monotonic.markNow() + timeout
        val caller = caller(timeout)
        val token = caller.credential
        var answer = ByteString.EMPTY
        val failure = failureOf { answer = rpc(token) } ?: return answer
        val fresh = if (failure.refusesCredential && caller is Caller.User) caller.tokenUntil(end, token!!) else null
        if (fresh == null) throw failed(path, failure, lost)
        failureOf { answer = rpc(fresh) }?.let { throw failed(path, it, lost) }
        return answer
    }

    private fun failed(path: String, failure: Failure, lost: String?): Exception {
        failure.details.functionError?.let { options.logLines(path, it.logLinesList) }
        return failure.toException(lost)
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
