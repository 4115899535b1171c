package com.convexgateway.client

/** The smallest source of tokens: a function. For users who are signed in elsewhere. */
fun interface TokenSupplier {
    /**
     * The user's JWT, or null if nobody is signed in.
     *
     * @param forceRefresh whether a cached token will not do, because it is near its end or was refused
     */
    suspend fun token(forceRefresh: Boolean): String?
}
