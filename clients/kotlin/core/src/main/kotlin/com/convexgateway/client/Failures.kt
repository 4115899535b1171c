package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import io.grpc.Status
import io.grpc.StatusException

/** A failed call's status, and the details in its trailers. */
internal class Failure(val status: Status, val details: StatusDetails, private val cause: Exception) {
    val code: Status.Code get() = status.code
    val reason: String get() = details.reason ?: code.name

    /** Whether the call's credential was refused. */
    val refusesCredential get() = code == Status.Code.UNAUTHENTICATED

    /** Whether the caller has no permission, which another token of the same kind would not change. */
    val forbidsCaller get() = code == Status.Code.PERMISSION_DENIED && details.functionError == null

    /** Whether the error is one of the connection: an error of the gateway has a reason. */
    val isOfConnection get() = code == Status.Code.UNAVAILABLE || (details.reason == null && code in MADE_BY_TRANSPORTS)

    /**
     * The failure as an error of the public API.
     *
     * @param lost the reason if the connection was lost, or the deadline passed, before the gateway's response
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

/** Makes a call. Returns its failure, or null if it succeeded. */
internal suspend fun failureOf(call: suspend () -> Unit): Failure? = try {
    call()
    null
} catch (e: StatusException) {
    Failure(e.status, StatusDetails.of(e.trailers), e)
}

private const val CONVEX_ERROR = "CONVEX_ERROR"

/** The error of a function, as the official client's errors. */
internal fun FunctionError.toException(cause: Exception? = null): Exception {
    if (reason != CONVEX_ERROR) return ServerError(message, cause, reason)
    val dropped = dataJson.isEmpty
    return ConvexError(message, if (dropped) "null" else dataJson.toStringUtf8(), cause, dropped)
}
