package com.convexgateway.client

import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.serializer

/** Any error of a call or a subscription. */
public sealed class ConvexException(message: String, cause: Throwable?) : Exception(message, cause) {
    /** The function has run, and failed: a [ConvexError] or a [ServerError]. A mutation has written nothing. */
    public sealed class FunctionError(message: String, cause: Throwable?) : ConvexException(message, cause)

    /** Nothing of the call was sent, so nothing has run: it can be made again. */
    public class NotSent(
        message: String,
        reason: String,
        code: String,
        retryAfterMillis: Long? = null,
        cause: Throwable? = null,
    ) : GatewayError(message, reason, code, retryAfterMillis, cause)

    /**
     * A mutation or action was sent, and whether it has run is not known: look before it is made again. A mutation with a request id of
     * the app can be made again with that id.
     */
    public class OutcomeUnknown(
        message: String,
        reason: String,
        code: String,
        retryAfterMillis: Long? = null,
        cause: Throwable? = null,
    ) : GatewayError(message, reason, code, retryAfterMillis, cause)

    /** The gateway has answered that it refuses the call, or that it had no effect: nothing has run, or nothing was written. */
    public open class Refused(
        message: String,
        reason: String,
        code: String,
        retryAfterMillis: Long? = null,
        cause: Throwable? = null,
    ) : GatewayError(message, reason, code, retryAfterMillis, cause)
}

/**
 * A Convex function failed with another error than a `ConvexError`; production deployments hide the message.
 *
 * @property reason a constant: `FUNCTION_FAILED`, `FUNCTION_NOT_FOUND`, `WRONG_FUNCTION_KIND` or
 *   `ARGUMENT_VALIDATION`
 */
public class ServerError(message: String, cause: Exception? = null, public val reason: String = "FUNCTION_FAILED") :
    ConvexException.FunctionError(message, cause)

/**
 * A Convex function threw a `ConvexError`.
 *
 * @property data the error's data as JSON text
 * @property truncated whether the data was too large for the status of a call, and is `null` therefore; errors of subscriptions
 *   are never truncated
 */
public class ConvexError(
    message: String,
    public val data: String,
    cause: Exception? = null,
    public val truncated: Boolean = false,
) : ConvexException.FunctionError(message, cause) {
    /**
     * The error's data, decoded as results are.
     *
     * @throws InternalError if it is not a [T]
     */
    public inline fun <reified T> dataAs(): T = dataAs(serializer<T>())

    /** As the inline [dataAs], for a type that is not known at compile time. */
    public fun <T> dataAs(type: DeserializationStrategy<T>): T = data.readAs(type)
}

/** The client could not decode a value, for instance because it is not of the requested type. */
public class InternalError(message: String, cause: Throwable? = null) : ConvexException(message, cause)

/**
 * The gateway refused a call or could not execute it. Where it is known whether the call has run, the error is a
 * [ConvexException.NotSent], [ConvexException.OutcomeUnknown] or [ConvexException.Refused].
 *
 * @property reason a constant of the gateway's table of errors, for instance `TOKEN_EXPIRED`; if the gateway was not reached,
 *   the name of the gRPC status
 * @property code name of the gRPC status, for instance `UNAUTHENTICATED`
 * @property retryAfterMillis the delay after which the gateway suggests to try again, or null
 */
public open class GatewayError(
    message: String,
    public val reason: String,
    public val code: String,
    public val retryAfterMillis: Long? = null,
    cause: Throwable? = null,
) : ConvexException(message, cause)

/**
 * The gateway has refused an argument, without calling the function.
 *
 * @property field the argument, or the place in it: `filter.limit`
 */
public class ArgumentRefused(
    public val field: String,
    message: String,
    reason: String = "ARGUMENT_VALIDATION",
    code: String = "INVALID_ARGUMENT",
    cause: Throwable? = null,
) : ConvexException.Refused(message, reason, code, cause = cause)
