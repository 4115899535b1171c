package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import io.grpc.Status
import io.grpc.StatusException

/** A call's status with what its trailers say. */
internal class Failure(val status: Status, val details: StatusDetails, private val cause: Exception) {
    val code: Status.Code get() = status.code
    val reason: String get() = details.reason ?: code.name

    /** Whether the call's credential was refused. */
    val refusesCredential get() = code == Status.Code.UNAUTHENTICATED

    /** Whether this token or user may not call, and another one of the same kind may not either. */
    val forbidsCaller get() = code == Status.Code.PERMISSION_DENIED && details.functionError == null

    /** Whether the connection was lost, or will be again: without a reason it is not the gateway that speaks. */
    val isOfConnection get() = code == Status.Code.UNAVAILABLE || (details.reason == null && code in MADE_BY_TRANSPORTS)

    /**
     * The failure in the terms of the public API.
     *
     * @param lost the reason if the connection was lost, or the time was up, before the gateway had answered
     */
    fun toException(lost: String? = null): Exception = details.functionError?.toException(cause)
        ?: GatewayError(
            message = status.description ?: code.name,
            reason = details.reason ?: lost ?: code.name,
            code = code.name,
            retryAfterMillis = details.retryAfterMillis,
            cause = cause,
        )

    private companion object {
        val MADE_BY_TRANSPORTS =
            setOf(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.CANCELLED, Status.Code.DEADLINE_EXCEEDED)
    }
}

/** Makes a call; returns how it failed, or null if it did not. */
internal suspend fun failureOf(call: suspend () -> Unit): Failure? = try {
    call()
    null
} catch (e: StatusException) {
    Failure(e.status, StatusDetails.of(e.trailers), e)
}

private const val CONVEX_ERROR = "CONVEX_ERROR"

/** What a function threw, as the official client's errors. */
internal fun FunctionError.toException(cause: Exception? = null): Exception {
    if (reason != CONVEX_ERROR) return ServerError(message, cause, reason)
    val dropped = dataJson.isEmpty
    return ConvexError(message, if (dropped) "null" else dataJson.toStringUtf8(), cause, dropped)
}
