package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map

/** Converts results to values: the flow fails with the first failure. */
fun <T> Flow<Result<T>>.values(): Flow<T> = map { it.getOrThrow() }

/**
 * A [client] whose subscriptions are plain flows of values, which throw failures:
 *
 *     flows.subscribe<List<Message>>("messages:list").catch { emit(emptyList()) }
 */
class ConvexFlows<A>(val client: ConvexClientWithAuth<A>) {
    /** Whether a user is signed in, and which. */
    val authState: StateFlow<AuthState<A>> get() = client.authState

    /** Whether the gateway is connected. */
    val connectionState: StateFlow<WebSocketState> get() = client.connectionState

    /** [connectionState] under the official client's name. */
    val webSocketStateFlow: StateFlow<WebSocketState> get() = client.webSocketStateFlow

    /** Follows the query [name]; the flow fails with the first failure. */
    inline fun <reified T> subscribe(name: String, args: Map<String, Any?>? = null): Flow<T> =
        client.subscribe<T>(name, args).values()

    /** See [ConvexClient.query]. */
    suspend inline fun <reified T> query(name: String, args: Map<String, Any?>? = null): T = client.query(name, args)

    /** See [ConvexClient.mutation]. */
    suspend inline fun <reified T> mutation(name: String, args: Map<String, Any?>? = null): T = client.mutation<T>(name, args)

    /** See [ConvexClient.mutation]. */
    @JvmName("voidMutation")
    suspend fun mutation(name: String, args: Map<String, Any?>? = null) = client.mutation(name, args)

    /** See [ConvexClient.action]. */
    suspend inline fun <reified T> action(name: String, args: Map<String, Any?>? = null): T = client.action<T>(name, args)

    /** See [ConvexClient.action]. */
    @JvmName("voidAction")
    suspend fun action(name: String, args: Map<String, Any?>? = null) = client.action(name, args)

    /** See [ConvexClientWithAuth.login]. */
    suspend fun login(context: Context): Result<A> = client.login(context)

    /** See [ConvexClientWithAuth.loginFromCache]. */
    suspend fun loginFromCache(): Result<A> = client.loginFromCache()

    /** See [ConvexClientWithAuth.logout]. */
    suspend fun logout(context: Context): Result<Void?> = client.logout(context)
}
