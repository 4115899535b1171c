package com.convexgateway.client

import javax.net.ssl.SSLSocketFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * Settings of a client; the defaults suit phones.
 *
 * @property queryTimeout how long a query may take, including the wait for a connection
 * @property mutationTimeout the same for a mutation; after it, it is not known whether the mutation ran
 * @property actionTimeout the same for an action; Convex ends actions after 10 minutes
 * @property keepAliveTime quiet time after which an open connection is probed; the gateway takes 15 s or more
 * @property keepAliveTimeout how long the answer to a probe may take before the connection is given up
 * @property confirmationTimeout how long a sign-in waits for the gateway's word before the provider's is taken for it
 * @property sslSocketFactory whom to trust with TLS, for instance a certificate authority of one's own; null: whom the
 *   platform trusts
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
