package com.convexgateway.client

/** Argument of a sign-in screen: an `android.content.Context` on Android, any value elsewhere. */
public typealias Context = Any

/**
 * Signs users in and provides their tokens; [T] describes a signed-in user.
 *
 * A provider gets its `onIdToken` callback with each sign-in and keeps the newest one. It calls it with every new token,
 * and with null when the session has ended. It may be called from any thread. A token of another user or session than
 * the current one switches accounts.
 */
public interface AuthProvider<T> {
    /** Signs in, perhaps on a screen of its own that [context] opens. */
    public suspend fun login(context: Context, onIdToken: (String?) -> Unit): Result<T>

    /**
     * Signs in again without a screen, from the credentials of an earlier [login]. The client also calls this when it needs
     * a new token, so the token of the result must not be near its expiry.
     *
     * A failure caused by a [java.io.IOException] is a network error and does not sign the user out.
     *
     * @throws NotImplementedError if the provider cannot; then tokens must come through [onIdToken]
     */
    public suspend fun loginFromCache(onIdToken: (String?) -> Unit): Result<T> =
        throw NotImplementedError("$this does not support loginFromCache")

    /** Signs out. If it fails, the user stays signed in. */
    public suspend fun logout(context: Context): Result<Void?>

    /** The JWT in [authResult]. */
    public fun extractIdToken(authResult: T): String
}
