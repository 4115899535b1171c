package com.convexgateway.clerk

import kotlinx.coroutines.flow.Flow

/** The part of Clerk that the bridge uses; on Android, Clerk's SDK implements it. */
public interface ClerkSessions {
    /** The state now. */
    public val state: ClerkState

    /** Emits whenever [state] may have changed; each collector also gets the changes between reading it and collecting. */
    public val changes: Flow<Any?>

    /**
     * A token of the current session, or null if none is available, for instance without a network.
     *
     * @param skipCache whether it must be a new one
     */
    public suspend fun token(skipCache: Boolean): String?

    /** Ends the session. */
    public suspend fun signOut(): Result<Unit>
}
