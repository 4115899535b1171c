package com.convexgateway.clerk

import kotlinx.coroutines.flow.Flow

/** What the bridge asks of Clerk; the border to its SDK. */
interface ClerkSessions {
    /** How things stand now. */
    val state: ClerkState

    /** Emits whenever [state] may be another one; each collector also gets the changes between reading it and collecting. */
    val changes: Flow<Any?>

    /**
     * A token of the present session, or null if there is none to be had at the moment, for instance without a network.
     *
     * @param skipCache whether it has to be a new one
     */
    suspend fun token(skipCache: Boolean): String?

    /** Ends the session. */
    suspend fun signOut(): Result<Unit>
}
