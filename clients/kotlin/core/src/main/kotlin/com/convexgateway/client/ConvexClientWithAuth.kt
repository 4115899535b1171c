package com.convexgateway.client

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.flow.StateFlow

/**
 * A [ConvexClient] whose calls and subscriptions are those of the user whom [authProvider] signs in.
 *
 * While a user is signed in, the client keeps the session going: it asks the provider for fresh tokens in time and hands
 * them to the gateway, so that subscriptions go on without a new start.
 *
 * @param coroutineScope where the client watches the session; cancelling it, or [close], ends that
 */
class ConvexClientWithAuth<T>(
    target: String,
    private val authProvider: AuthProvider<T>,
    private val coroutineScope: CoroutineScope = CoroutineScope(SupervisorJob()),
    options: ClientOptions = ClientOptions(),
) : ConvexClient(target, options) {
    /** Who is signed in. */
    val authState: StateFlow<AuthState<T>> get() = TODO()

    /**
     * Signs in by [AuthProvider.login]. [authState] is AuthLoading meanwhile; the call returns when the gateway has
     * accepted or refused the token.
     */
    suspend fun login(context: Context): Result<T> = TODO("$context $authProvider $coroutineScope")

    /**
     * Signs in by [AuthProvider.loginFromCache], as [login] does.
     *
     * @throws NotImplementedError if the provider cannot
     */
    suspend fun loginFromCache(): Result<T> = TODO()

    /** Signs out by [AuthProvider.logout]; if that fails, the user stays signed in. */
    suspend fun logout(context: Context): Result<Void?> = TODO("$context")
}
