package com.convexgateway.client

/** What a sign-in screen needs from its caller: an `android.content.Context` on Android, anything elsewhere. */
typealias Context = Any

/**
 * Signs users in and hands out their tokens; [T] is what it knows of a signed-in user.
 *
 * A provider gets its `onIdToken` callback with each sign-in and keeps the newest one. It calls it with every fresh
 * token, and with null when the session is over. Calls may come from any thread. A token of another user or session
 * than the present one switches accounts.
 */
interface AuthProvider<T> {
    /** Signs in, perhaps on a screen of its own that [context] opens. */
    suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<T>

    /**
     * Signs in again without a screen, from what an earlier [login] left. The client also calls this when it needs a
     * fresh token, so a result whose token is near its end is of no use.
     *
     * A failure caused by a [java.io.IOException] is trouble of the network and signs nobody out.
     *
     * @throws NotImplementedError if the provider cannot; then tokens must come through [onIdToken]
     */
    suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<T> =
        throw NotImplementedError("$this does not support loginFromCache")

    /** Signs out. If it fails, the user stays signed in. */
    suspend fun logout(context: Context): Result<Void?>

    /** The JWT in [authResult]. */
    fun extractIdToken(authResult: T): String
}
