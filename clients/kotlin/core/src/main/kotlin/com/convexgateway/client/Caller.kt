package com.convexgateway.client

import kotlinx.coroutines.flow.Flow

/** The identity with which calls are made. */
internal sealed interface Caller {
    /** No identity. */
    object Anonymous : Caller

    /** A sign-in is running; calls wait for it. */
    object Undecided : Caller

    /** The client is closed. */
    object Closed : Caller

    /** A signed-in user. */
    interface User : Caller {
        /** The newest token that the gateway has accepted, or the first one. */
        val token: String

        /** The secret with which newer tokens extend streams. */
        val refreshKey: String

        /** The identities that the user has had. */
        val identities: Identities

        /** What all tokens so far have in common but for their times; null if one is of another identity, or cannot be read. */
        val stableClaims: StableClaims?

        /** The same of the first token. */
        val firstStableClaims: StableClaims?

        /** Whether it is [other], or another session of the same user. */
        fun isUserOf(other: Caller): Boolean

        /** Waits for another token than [refused], which the gateway has refused, and requests one if necessary. */
        suspend fun tokenAfter(refused: String): String

        /** A stream that was opened with a token has begun. If there is a newer token now, it is sent for the stream. */
        fun opened(with: String)

        /** Emits the token, and each newer one that the gateway has accepted. */
        val newTokens: Flow<String>

        /** The gateway needs a newer token for a stream. */
        fun needsToken()

        /** Waits, before results of another identity, until calls have a token of that identity, for some time at most. */
        suspend fun settled(identityTag: String)

        /** The [events] of a stream without those of a previous identity of the user. */
        fun <E : Any> present(events: Flow<E>, tagOf: (E) -> String): Flow<E>
    }
}

/** The token to call with; null for anonymous calls. */
internal val Caller.credential: String? get() = (this as? Caller.User)?.token
