package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.map

/** Converts results to values: the flow fails with the first failure. */
public fun <T> Flow<Result<T>>.values(): Flow<T> = map { it.getOrThrow() }

/**
 * A [client] whose subscriptions are plain flows of values, which throw failures:
 *
 *     flows.subscribe<List<Message>>("messages:list").catch { emit(emptyList()) }
 */
public class ConvexFlows<A>(public val client: ConvexClientWithAuth<A>) {
    /** Whether a user is signed in, and which. */
    public val authState: StateFlow<AuthState<A>> get() = client.authState

    /** Whether the gateway is connected. */
    public val connectionState: StateFlow<WebSocketState> get() = client.connectionState

    /** [connectionState] under the official client's name. */
    public val webSocketStateFlow: StateFlow<WebSocketState> get() = client.webSocketStateFlow

    /** See [Convex.connection]. */
    public val connection: StateFlow<Connection> get() = client.connection

    /** Follows a query; the flow fails with the first failure. */
    public fun <T> subscribe(query: Query<T>): Flow<T> = client.subscribe(query).values()

    /** See [Convex.states]. */
    public fun <T> states(query: Query<T>): Flow<QueryState<T>> = client.states(query)

    /** See [Convex.paginate]. */
    public fun <T> paginate(query: Query<Page<T>>, pageSize: Int): PagedFlow<T> = client.paginate(query, pageSize)

    /** See [Convex.watch]. */
    public fun watch(queries: WatchBuilder.() -> Unit): Flow<Snapshot> = client.watch(queries)

    /** See [Convex.query]. */
    public suspend fun <T> query(query: Query<T>): T = client.query(query)

    /** See [Convex.mutate]. */
    public suspend fun <T> mutate(mutation: Mutation<T>): T = client.mutate(mutation)

    /** See [Convex.mutate]. */
    public suspend fun <T> mutate(mutation: Mutation<T>, requestId: String?): T = client.mutate(mutation, requestId)

    /** See [Convex.mutate]. */
    public suspend fun <T> mutate(mutation: Mutation<T>, update: (OptimisticStore) -> Unit): T = client.mutate(mutation, update)

    /** See [Convex.action]. */
    public suspend fun <T> action(action: Action<T>): T = client.action(action)

    /** Follows the query [name]; the flow fails with the first failure. */
    public inline fun <reified T> subscribe(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Flow<T> =
        client.subscribe<T>(name, args, anonymous).values()

    /** See [Convex.states]. */
    public inline fun <reified T> states(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Flow<QueryState<T>> =
        client.states(name, args, anonymous)

    /** See [ConvexClient.query]. */
    public suspend inline fun <reified T> query(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): T =
        client.query(name, args, anonymous)

    /** See [ConvexClient.mutation]. */
    public suspend inline fun <reified T> mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null): T =
        client.mutation<T>(name, args, requestId)

    /** See [ConvexClient.mutation]. */
    @JvmName("voidMutation")
    public suspend fun mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null): Unit =
        client.mutation(name, args, requestId)

    /** See [ConvexClient.action]. */
    public suspend inline fun <reified T> action(name: String, args: Map<String, Any?>? = null): T = client.action<T>(name, args)

    /** See [ConvexClient.action]. */
    @JvmName("voidAction")
    public suspend fun action(name: String, args: Map<String, Any?>? = null): Unit = client.action(name, args)

    /** See [ConvexClientWithAuth.login]. */
    public suspend fun login(context: Context): Result<A> = client.login(context)

    /** See [ConvexClientWithAuth.loginFromCache]. */
    public suspend fun loginFromCache(): Result<A> = client.loginFromCache()

    /** See [ConvexClientWithAuth.logout]. */
    public suspend fun logout(context: Context): Result<Void?> = client.logout(context)
}
