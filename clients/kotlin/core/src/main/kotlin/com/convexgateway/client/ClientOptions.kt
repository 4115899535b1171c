package com.convexgateway.client

import java.util.concurrent.ScheduledExecutorService
import javax.net.ssl.SSLSocketFactory
import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlinx.serialization.json.Json

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
 * @property connectTimeout how long one attempt to connect may take
 * @property idleAfter how long after the last call and subscription the client rests: no connection, no new tokens
 * @property json reads results, with its settings and serializers; arguments are Convex's own encoding whatever it is set to.
 *   null: unknown fields are ignored
 * @property logger gets what functions log, and what the app should mend; null: nobody
 * @property headers additional metadata of each call and stream, called for each
 * @property app id and version of the app, `com.example.app/1.2`, for the user agent
 * @property cancelSentMutations whether cancelling a coroutine also cuts a mutation that was sent; it may have run then
 * @property cache keeps the last values of subscribed queries for the next start, for [Convex.states] and to save traffic; null: nothing
 *   is kept. Signing out clears the user's
 * @property singleStream whether all subscriptions share one Watch stream, each as a group of its own, and what [Convex.watch] follows, too;
 *   otherwise each has a stream. For apps that follow many queries at once; 1,000 are the most
 * @property scheduler runs the client's coroutines and timers; null: shared threads
 */
public data class ClientOptions(
    val queryTimeout: Duration = 60.seconds,
    val mutationTimeout: Duration = 60.seconds,
    val actionTimeout: Duration = 11.minutes,
    val keepAliveTime: Duration = 30.seconds,
    val keepAliveTimeout: Duration = 10.seconds,
    val confirmationTimeout: Duration = 10.seconds,
    val sslSocketFactory: SSLSocketFactory? = null,
    val connectTimeout: Duration = 20.seconds,
    val idleAfter: Duration = 30.seconds,
    val json: Json? = null,
    val logger: ClientLogger? = null,
    val headers: suspend () -> Map<String, String> = { emptyMap() },
    val app: String? = null,
    val cancelSentMutations: Boolean = false,
    val scheduler: ScheduledExecutorService? = null,
    val cache: QueryCache? = null,
    val singleStream: Boolean = false,
) {
    init {
        require(keepAliveTime >= 15.seconds) { "keepAliveTime: $keepAliveTime is less than the 15s that the gateway takes" }
        require(connectTimeout.isPositive()) { "connectTimeout: $connectTimeout is no time" }
        require(!idleAfter.isNegative()) { "idleAfter: $idleAfter is negative" }
        require(app == null || app.all { it in ' '..'~' }) { "app: not printable ASCII" }
    }
}
