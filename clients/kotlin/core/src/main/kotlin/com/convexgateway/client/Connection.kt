package com.convexgateway.client

import java.time.Instant

/**
 * The connection to the gateway, for a notice in the app.
 *
 * @property state of the connection
 * @property since when it has this state, by the device's clock
 * @property lastError why the last attempt to connect has failed; null after one that has not
 * @property nextAttempt when the next attempt begins, by the device's clock, in the state [State.WAITING]; else null. A network
 *   that becomes available makes it earlier
 */
public data class Connection(
    val state: State,
    val since: Instant,
    val lastError: ConvexException? = null,
    val nextAttempt: Instant? = null,
) {
    /** What a connection may be. */
    public enum class State {
        /** An attempt to connect is under way. */
        CONNECTING,

        /** Connected to the gateway, and the gateway to the deployment. */
        CONNECTED,

        /** Connected to the gateway, which has lost the deployment and connects to it again. */
        DEPLOYMENT_LOST,

        /** The last attempt has failed, or the connection was lost; the next attempt begins at [nextAttempt]. */
        WAITING,

        /** No connection is needed: there is no call and no subscription, or the client is paused. */
        RESTING,

        /** The client is closed. */
        CLOSED,
    }
}
