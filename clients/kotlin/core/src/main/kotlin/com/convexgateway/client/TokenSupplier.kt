package com.convexgateway.client

/** A function that supplies tokens, for users who are signed in elsewhere. */
public fun interface TokenSupplier {
    /**
     * The user's JWT, or null if no user is signed in.
     *
     * @param forceRefresh whether a new token is needed, because a cached one is near its expiry or was refused
     */
    public suspend fun token(forceRefresh: Boolean): String?
}
