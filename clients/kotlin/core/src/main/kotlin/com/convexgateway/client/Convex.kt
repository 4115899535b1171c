package com.convexgateway.client

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.flowOf
import kotlinx.serialization.serializer

/**
 * The calls and subscriptions of an app: what its view models take as an argument. [ConvexClient] implements it with a gateway,
 * `FakeConvex` of `convexgateway-testing` with answers of a test.
 *
 * Functions that take a name and a map of arguments are extensions of it. All errors are [ConvexException]s, and
 * [IllegalArgumentException] if arguments have no encoding in Convex.
 */
public interface Convex {
    /** The connection to the gateway, and why there is none. */
    public val connection: StateFlow<Connection>

    /** Follows a query: its result, then each new one. See [ConvexClient.subscribe]. */
    public fun <T> subscribe(query: Query<T>): Flow<Result<T>>

    /**
     * Follows a query as [subscribe] does, for a screen: [QueryState.Loading] until there is a result, and again when another user signs in
     * or the user signs out, then [QueryState.Data] and [QueryState.Failed]. A collector that does not keep up gets the newest state.
     * With [ClientOptions.cache] the first state is the value that was kept, as `cached`, until the gateway has confirmed it or sent another.
     */
    public fun <T> states(query: Query<T>): Flow<QueryState<T>> = subscribe(query).states()

    /**
     * Follows several queries together, for a screen: their results are of one time, so that two of them over the same rows never disagree.
     *
     *     val rows = query<List<Message>>("messages:list")
     *     val me = query<User?>("users:me")
     *     convex.watch { add(rows); add(me) }.collect { snapshot -> show(snapshot[rows], snapshot[me]) }
     *
     * Each collector has a stream of its own. It begins with a snapshot in which all is loading, and gets the newest one if it does not keep
     * up. A failure is one of its query only, and others go on. The states are those of [states]. Anonymous queries are of one time among
     * themselves, and the others are.
     */
    public fun watch(queries: WatchBuilder.() -> Unit): Flow<Snapshot> = WatchBuilder.build(queries).let { all ->
        if (all.isEmpty()) flowOf(Snapshot(emptyMap(), isComplete = true))
        else combine(all.map { states(it) }) { states -> Snapshot(all.zip(states).toMap(), states.none { it == QueryState.Loading }) }
    }

    /** Runs a query once. */
    public suspend fun <T> query(query: Query<T>): T

    /** Runs a mutation once. See [ConvexClient.mutate]. */
    public suspend fun <T> mutate(mutation: Mutation<T>): T

    /** Runs a mutation once, under a request id of the app unless that is null. See [Mutation.requestId]. */
    public suspend fun <T> mutate(mutation: Mutation<T>, requestId: String?): T =
        mutate(if (requestId == null) mutation else mutation.withRequestId(requestId))

    /**
     * Runs a mutation once, and shows what it will have written at once:
     *
     *     convex.mutate(send) { store -> store.update(list) { messages -> messages + draft } }
     *
     * @param update a pure function: it is run again on each new result of the queries that are followed, until they have the write. One
     *   that throws is logged, and changes nothing; the mutation is made all the same. It is dropped at once if the mutation fails
     */
    public suspend fun <T> mutate(mutation: Mutation<T>, update: (OptimisticStore) -> Unit): T = mutate(mutation)

    /** Runs an action once. */
    public suspend fun <T> action(action: Action<T>): T
}

/** A [Convex] whose calls are made for the user who is signed in; [T] describes the user. */
public interface ConvexWithAuth<T> : Convex {
    /** Whether a user is signed in, and which. */
    public val authState: StateFlow<AuthState<T>>

    /** Signs in. See [ConvexClientWithAuth.login]. */
    public suspend fun login(context: Context): Result<T>

    /** Signs in without a screen. See [ConvexClientWithAuth.loginFromCache]. */
    public suspend fun loginFromCache(): Result<T>

    /** Signs out. See [ConvexClientWithAuth.logout]. */
    public suspend fun logout(context: Context): Result<Void?>
}

/** Follows the query [name]: its result, then each new one. For [anonymous], see [Query.isAnonymous]. */
public inline fun <reified T> Convex.subscribe(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Flow<Result<T>> =
    subscribe(Query(name, args, serializer<T>(), anonymous))

/** Follows the query [name] for a screen. See [Convex.states], and [Query.isAnonymous]. */
public inline fun <reified T> Convex.states(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Flow<QueryState<T>> =
    states(Query(name, args, serializer<T>(), anonymous))

/** Runs the query [name] once. For [anonymous], see [Query.isAnonymous]. */
public suspend inline fun <reified T> Convex.query(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): T =
    query(Query(name, args, serializer<T>(), anonymous))

/** Runs the mutation [name] once. For [requestId], see [Mutation.requestId]. */
public suspend inline fun <reified T> Convex.mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null): T =
    mutate(Mutation(name, args, serializer<T>(), requestId))

/** Runs the mutation [name] once, whatever it returns. */
@JvmName("voidMutation")
public suspend fun Convex.mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null): Unit =
    mutate(Mutation(name, args, Ignored, requestId))

/** Runs the action [name] once. */
public suspend inline fun <reified T> Convex.action(name: String, args: Map<String, Any?>? = null): T =
    action(Action(name, args, serializer<T>()))

/** Runs the action [name] once, whatever it returns. */
@JvmName("voidAction")
public suspend fun Convex.action(name: String, args: Map<String, Any?>? = null): Unit = action(Action(name, args, Ignored))
