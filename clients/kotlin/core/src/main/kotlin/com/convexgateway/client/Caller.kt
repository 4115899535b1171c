package com.convexgateway.client

/** On whose behalf calls are made. */
internal sealed interface Caller {
    /** Nobody's. */
    object Anonymous : Caller

    /** It turns out soon: a sign-in is under way, and calls wait for it. */
    object Undecided : Caller

    /** Nobody's any more: the client is closed. */
    object Closed : Caller

    /** The signed-in user's. */
    interface User : Caller {
        /** The newest token that the gateway has taken, or the first. */
        val token: String

        /** The secret that ties streams to the tokens that extend them. */
        val refreshKey: String

        /** Waits for another token than [refused], which the gateway did not take; asks for one if need be. */
        suspend fun tokenAfter(refused: String): String

        /** A stream that was opened with a token has begun; if there is a newer one by now, the stream is given it. */
        fun opened(with: String)

        /** Whether data of that identity may be shown: false if it is one that the user has left. */
        fun mayShow(identityTag: String): Boolean
    }
}

/** The token to call with; null for anonymous calls. */
internal val Caller.credential: String? get() = (this as? Caller.User)?.token
