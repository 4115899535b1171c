package com.convexgateway.client

/**
 * The gRPC service config of the channel: what is safe to repeat is repeated when the gateway was unavailable. Mutations
 * and actions never are, since one that was lost on the way may have run.
 */
internal object ServiceConfig {
    private val repeatable = listOf(
        mapOf("service" to "convexgateway.v1.FunctionService", "method" to "Query"),
        mapOf("service" to "convexgateway.v1.AuthService", "method" to "RefreshAuth"),
        mapOf("service" to "convexgateway.v1.AuthService", "method" to "SignOut"),
    )

    private val retryPolicy = mapOf(
        "maxAttempts" to 4.0,
        "initialBackoff" to "0.5s",
        "maxBackoff" to "5s",
        "backoffMultiplier" to 2.0,
        "retryableStatusCodes" to listOf("UNAVAILABLE"),
    )

    /** In the form of grpc-java: maps, lists, strings and doubles. */
    val map: Map<String, Any> = mapOf("methodConfig" to listOf(mapOf("name" to repeatable, "retryPolicy" to retryPolicy)))
}
