package com.convexgateway.client

import kotlinx.coroutines.flow.Flow

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

        /** The [events] of a stream as far as they may be shown: not those of an identity that the user has left. */
        fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E>
    }
}

/** The token to call with; null for anonymous calls. */
internal val Caller.credential: String? get() = (this as? Caller.User)?.token
