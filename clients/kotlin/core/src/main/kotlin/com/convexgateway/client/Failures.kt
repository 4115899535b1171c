package com.convexgateway.client

import com.convexgateway.v1.FunctionError
import io.grpc.Status
import io.grpc.StatusException

/** A failed call's status, and the details in its trailers. */
internal class Failure(val status: Status, val details: StatusDetails, private val cause: Exception) {
    val code: Status.Code get() = status.code
    val reason: String get() = details.reason ?: code.name

    /** Whether nothing of the call was sent. */
    val isNotSent get() = cause is NotSentException

    /** Whether the call's credential was refused. */
    val refusesCredential get() = code == Status.Code.UNAUTHENTICATED

    /** Whether the caller has no permission, which another token of the same kind would not change. */
    val forbidsCaller get() = code == Status.Code.PERMISSION_DENIED && details.functionError == null

    /** Whether the error is one of the connection: an error of the gateway has a reason. */
    val isOfConnection get() = code == Status.Code.UNAVAILABLE || (details.reason == null && code in MADE_BY_TRANSPORTS)

    /**
     * The failure as an error of the public API.
     *
     * @param lost the reason if the connection was lost, or the deadline passed, before the gateway's response to a call that
     *   was sent. The code is UNKNOWN then, because others may be taken for a reason to call again.
     * @param mayHaveRun whether the same call was sent before, and may have run then
     */
    fun toException(lost: String? = null, mayHaveRun: Boolean = false): ConvexException {
        if (details.refusedField == null) details.functionError?.let { return it.toException(cause) }
        val message = if (details.reason != null) status.description ?: code.name else status.explained
        if (mayHaveRun && lost != null && (isNotSent || isRefused)) {
            return ConvexException.OutcomeUnknown("the answer was lost; then: $message", lost, Status.Code.UNKNOWN.name, details.retryAfterMillis, cause)
        }
        val isLost = lost != null && details.reason == null && !isNotSent
        val reason = details.reason ?: lost.takeIf { isLost } ?: code.name
        val name = if (isLost) Status.Code.UNKNOWN.name else code.name
        val retry = details.retryAfterMillis
        return when {
            isNotSent -> ConvexException.NotSent(message, reason, name, retry, cause)
            details.refusedField != null -> ArgumentRefused(details.refusedField, message, reason, name, cause)
            isRefused -> ConvexException.Refused(message, reason, name, retry, cause)
            lost != null -> ConvexException.OutcomeUnknown(message, reason, name, retry, cause)
            else -> GatewayError(message, reason, name, retry, cause)
        }
    }

    /** Whether a call with a request id was sent and may have run: the gateway's reason for a lost answer is one of those for calls not made. */
    val leavesOpen get() = !isNotSent && details.functionError == null && (!isRefused || details.reason == DEPLOYMENT_UNAVAILABLE)

    /** Whether a call with a request id is to be sent again. A connection that is closed for too many pings has the code of a full queue. */
    val asksForRepeat get() =
        (isOfConnection && code != Status.Code.DEADLINE_EXCEEDED) || (details.reason == null && code == Status.Code.RESOURCE_EXHAUSTED)

    /** Whether the gateway has answered, and its answer means that nothing has run or was written. */
    private val isRefused get() = details.reason != null && (code in REFUSALS || details.reason in REFUSED)

    private companion object {
        val MADE_BY_TRANSPORTS =
            setOf(Status.Code.INTERNAL, Status.Code.UNKNOWN, Status.Code.CANCELLED, Status.Code.DEADLINE_EXCEEDED)

        /** Codes whose reasons all mean that nothing was executed. */
        val REFUSALS = setOf(
            Status.Code.UNAUTHENTICATED, Status.Code.PERMISSION_DENIED, Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND,
            Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNIMPLEMENTED, Status.Code.ABORTED,
        )

        /** Reasons with the same meaning, of codes that have others, too. */
        val REFUSED = setOf(
            DEPLOYMENT_UNAVAILABLE, "AUTH_BACKEND_UNAVAILABLE", "OVERLOADED", "REQUEST_TIMEOUT", RequestIds.CLUSTER_KEY_MISSING,
        )
    }
}

private const val DEPLOYMENT_UNAVAILABLE = "DEPLOYMENT_UNAVAILABLE"
private const val MAX_EXPLANATION = 300

/** What a status that is not the gateway's means, in one line: gRPC's descriptions may hold stack traces and whole pages. */
internal val Status.explained: String
    get() {
        val lines = listOfNotNull(description?.lineSequence()?.firstOrNull(), cause?.message?.lineSequence()?.firstOrNull())
        return lines.filter { it.isNotBlank() }.distinct().joinToString(": ").take(MAX_EXPLANATION).ifEmpty { code.name }
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
internal fun FunctionError.toException(cause: Exception? = null): ConvexException {
    if (reason != CONVEX_ERROR) return ServerError(message, cause, reason)
    val dropped = dataJson.isEmpty
    return ConvexError(message, if (dropped) "null" else dataJson.toStringUtf8(), cause, dropped)
}
