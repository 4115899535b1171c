package com.convexgateway.client

import javax.net.ssl.SSLSocketFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * Settings of a client; the defaults are for phones.
 *
 * @property queryTimeout how long a query may take, including the wait for a connection
 * @property mutationTimeout the same for a mutation; after a timeout, the mutation may have run
 * @property actionTimeout the same for an action; Convex ends actions after 10 minutes
 * @property keepAliveTime idle time after which an open connection is probed; the gateway accepts 15 s or more
 * @property keepAliveTimeout how long the response to a probe may take before the connection is closed
 * @property confirmationTimeout how long a sign-in waits for the gateway before it succeeds with the provider's token alone
 * @property sslSocketFactory makes TLS sockets, for instance with another certificate authority; null: the platform's
 */
data class ClientOptions(
    val queryTimeout: Duration = 60.seconds,
    val mutationTimeout: Duration = 60.seconds,
    val actionTimeout: Duration = 11.minutes,
    val keepAliveTime: Duration = 30.seconds,
    val keepAliveTimeout: Duration = 10.seconds,
    val confirmationTimeout: Duration = 10.seconds,
    val sslSocketFactory: SSLSocketFactory? = null,
) {
    init {
        require(keepAliveTime >= 15.seconds) { "keepAliveTime: $keepAliveTime is less than the 15s that the gateway takes" }
    }
}
