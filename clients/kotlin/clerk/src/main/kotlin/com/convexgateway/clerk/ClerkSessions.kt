package com.convexgateway.clerk

import kotlinx.coroutines.flow.Flow

/** The part of Clerk that the bridge uses; on Android, Clerk's SDK implements it. */
interface ClerkSessions {
    /** The state now. */
    val state: ClerkState

    /** Emits whenever [state] may have changed; each collector also gets the changes between reading it and collecting. */
    val changes: Flow<Any?>

    /**
     * A token of the current session, or null if none is available, for instance without a network.
     *
     * @param skipCache whether it must be a new one
     */
    suspend fun token(skipCache: Boolean): String?

    /** Ends the session. */
    suspend fun signOut(): Result<Unit>
}
