package com.convexgateway.client

import com.google.protobuf.ByteString
import io.grpc.Status
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.withTimeoutOrNull

/** Unary calls of functions, with the current caller's token. Arguments and results are JSON. */
internal class Calls(
    private val transport: Transport,
    private val callers: StateFlow<Caller>,
    private val options: ClientOptions,
) {
    suspend fun query(path: String, args: ByteString): ByteString =
        call(options.queryTimeout) { transport.query(path, args, it) }

    suspend fun mutate(path: String, args: ByteString): ByteString =
        call(options.mutationTimeout, "MUTATION_OUTCOME_UNKNOWN") { transport.mutate(path, args, it) }

    suspend fun action(path: String, args: ByteString): ByteString =
        call(options.actionTimeout, "ACTION_OUTCOME_UNKNOWN") { transport.action(path, args, it) }

    /**
     * Makes a call, and once more with a new token if the token was refused: nothing has run then.
     *
     * @param lost the reason of the error if the connection is lost during the call
     */
    private suspend fun call(
        timeout: Duration,
        lost: String? = null,
        rpc: suspend (token: String?) -> ByteString,
    ): ByteString {
        val caller = caller(timeout)
        val token = caller.credential
        var answer = ByteString.EMPTY
        val failure = failureOf { answer = rpc(token) } ?: return answer
        val fresh = if (failure.refusesCredential && caller is Caller.User) caller.tokenSoonAfter(token!!) else null
        if (fresh == null) throw failure.toException(lost)
        failureOf { answer = rpc(fresh) }?.let { throw it.toException(lost) }
        return answer
    }

    private suspend fun Caller.User.tokenSoonAfter(refused: String) =
        withTimeoutOrNull(FRESH_TOKEN_TIMEOUT) { tokenAfter(refused) }

    private suspend fun caller(timeout: Duration): Caller {
        val caller = withTimeoutOrNull(timeout) { callers.first { it != Caller.Undecided } }
            ?: throw GatewayError("the sign-in took too long", "DEADLINE_EXCEEDED", Status.Code.DEADLINE_EXCEEDED.name)
        if (caller == Caller.Closed) throw GatewayError("the client is closed", "CANCELLED", Status.Code.CANCELLED.name)
        return caller
    }

    private companion object {
        val FRESH_TOKEN_TIMEOUT = 10.seconds
    }
}
