package com.convexgateway.client

/**
 * A Convex function failed with another error than a `ConvexError`; production deployments hide the message.
 *
 * @property reason a constant: `FUNCTION_FAILED`, `FUNCTION_NOT_FOUND`, `WRONG_FUNCTION_KIND` or
 *   `ARGUMENT_VALIDATION`
 */
class ServerError(message: String, cause: Exception? = null, val reason: String = "FUNCTION_FAILED") :
    Exception(message, cause)

/**
 * A Convex function threw a `ConvexError`.
 *
 * @property data the error's data as JSON text
 * @property truncated whether the data was too large for the status of a call, and is `null` therefore; errors of subscriptions
 *   are never truncated
 */
class ConvexError(message: String, val data: String, cause: Exception? = null, val truncated: Boolean = false) :
    Exception(message, cause)

/** The client could not decode a value, for instance because it is not of the requested type. */
class InternalError(message: String, cause: Throwable? = null) : Exception(message, cause)

/**
 * The gateway refused a call or could not execute it.
 *
 * @property reason a constant of the gateway's table of errors, for instance `TOKEN_EXPIRED`; if the gateway was not reached,
 *   the name of the gRPC status
 * @property code name of the gRPC status, for instance `UNAUTHENTICATED`
 * @property retryAfterMillis the delay after which the gateway suggests to try again, or null
 */
class GatewayError(
    message: String,
    val reason: String,
    val code: String,
    val retryAfterMillis: Long? = null,
    cause: Throwable? = null,
) : Exception(message, cause)
