package com.convexgateway.client

import com.google.protobuf.ByteString
import java.io.Closeable
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.serializer

/**
 * A client of one Convex Gateway, without signing in.
 *
 * Arguments are maps of strings to null, Boolean, String, numbers, ByteArray, List, Map or JsonElement; [argsOf] makes
 * one of a `@Serializable` object. Int and Long are sent as Convex's Int64, Double and Float as Float64. Results are
 * decoded by kotlinx.serialization. Calls are also values: [query], [mutation] and [action] make them, and [subscribe], [query],
 * [mutate] and [action] take them. View models are easier to test if they take a [Convex].
 *
 * Safe for use by several threads. All calls and subscriptions share one connection.
 *
 * @param target the gateway: `https://host[:port]` or `host[:port]` with TLS, `http://host[:port]` without
 */
public open class ConvexClient(target: String, options: ClientOptions = ClientOptions()) : Convex, Closeable {
    private val address = Target.parse(target)
    private val json = options.json

    // Made in another thread than the caller's, which may be the main thread: gRPC takes half a second to load.
    internal val transport by lazy { Transport(address, options) }
    internal val callers by lazy { MutableStateFlow(if (startsUndecided) Caller.Undecided else Caller.Anonymous) }
    internal val lastValues by lazy { LastValues(address, transport, callers, options) }
    private val layers by lazy { Layers(callers, options) { transport.link.dispatcher } }
    private val subscriptions by lazy { Subscriptions(transport, callers, lastValues, layers, options) }
    private val optimistic by lazy { OptimisticMutations(transport, callers, layers, options) }
    private val calls by lazy { Calls(transport, callers, options) }

    /** Whether the first calls wait for a sign-in; set before anything else is used. */
    @Volatile
    internal var startsUndecided = false

    init {
        inBackground { transport.link.start() }
    }

    internal fun inBackground(run: Runnable) {
        val thread = Thread(run, "convexgateway")
        thread.isDaemon = true
        thread.start()
    }

    final override val connection: StateFlow<Connection> get() = transport.link.connectionState

    /** Whether there is a connection to the gateway, and from it to the deployment; there is none while the client rests. */
    public val connectionState: StateFlow<WebSocketState> get() = transport.link.state

    /** [connectionState] under the official client's name. */
    public val webSocketStateFlow: StateFlow<WebSocketState> get() = connectionState

    /**
     * Follows the query [name]: its result, then each new one.
     *
     * An error thrown by the query is a failure ([ConvexError] or [ServerError]), and so is an error of the gateway
     * ([GatewayError]) and a result that is not a [T] ([InternalError]). The flow continues after all of these but an
     * INVALID_ARGUMENT, and the PAGE_RESTART of a page. Lost connections are made again, and are not emitted; see [connectionState]. When another user signs
     * in or the user signs out, the flow continues with the results of the new caller.
     *
     * One that is [anonymous][Query.isAnonymous] has the results of callers who have not signed in, which all users share.
     *
     * Equal subscriptions of a client, those with the same path and arguments, share one stream from their first collector until the last
     * one has gone. A later collector gets the newest result at once. One that does not keep up has 16 results or 1 MiB waiting, and after
     * that the newest one only; it delays no other.
     */
    public inline fun <reified T> subscribe(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Flow<Result<T>> =
        subscribe(name, args, serializer<T>(), anonymous)

    /** Runs the query [name] once. For [anonymous], see [Query.isAnonymous]. */
    public suspend inline fun <reified T> query(name: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): T =
        query(name, args, serializer<T>(), anonymous)

    /** Runs the mutation [name] once. See [mutate], and [Mutation.requestId]. */
    public suspend inline fun <reified T> mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null): T =
        mutation(name, args, serializer<T>(), requestId)

    /** Runs the mutation [name] once, whatever it returns. */
    @JvmName("voidMutation")
    public suspend fun mutation(name: String, args: Map<String, Any?>? = null, requestId: String? = null) {
        mutate(Mutation(name, args, Ignored, requestId))
    }

    /** Runs the action [name] once. */
    public suspend inline fun <reified T> action(name: String, args: Map<String, Any?>? = null): T = action(name, args, serializer<T>())

    /** Runs the action [name] once, whatever it returns. */
    @JvmName("voidAction")
    public suspend fun action(name: String, args: Map<String, Any?>? = null) {
        action(Action(name, args, Ignored))
    }

    /** As the inline [subscribe], for a type that is not known at compile time. */
    public fun <T> subscribe(
        name: String,
        args: Map<String, Any?>?,
        type: DeserializationStrategy<T>,
        anonymous: Boolean = false,
    ): Flow<Result<T>> = subscribe(Query(name, args, type, anonymous))

    /** As the inline [query], for a type that is not known at compile time. */
    public suspend fun <T> query(
        name: String,
        args: Map<String, Any?>?,
        type: DeserializationStrategy<T>,
        anonymous: Boolean = false,
    ): T = query(Query(name, args, type, anonymous))

    /** As the inline [mutation], for a type that is not known at compile time. */
    public suspend fun <T> mutation(
        name: String,
        args: Map<String, Any?>?,
        type: DeserializationStrategy<T>,
        requestId: String? = null,
    ): T = mutate(Mutation(name, args, type, requestId))

    /** As the inline [action], for a type that is not known at compile time. */
    public suspend fun <T> action(name: String, args: Map<String, Any?>?, type: DeserializationStrategy<T>): T =
        action(Action(name, args, type))

    final override fun <T> subscribe(query: Query<T>): Flow<Result<T>> =
        subscriptions.results(query)

    final override fun <T> states(query: Query<T>): Flow<QueryState<T>> = subscriptions.states(query)

    internal fun <T> page(query: Query<Page<T>>): PageStates<T> = subscriptions.page(query)

    final override fun watch(queries: WatchBuilder.() -> Unit): Flow<Snapshot> = subscriptions.watch(WatchBuilder.build(queries))

    final override suspend fun <T> query(query: Query<T>): T =
        calls.query(query.path, query.encodedArgs(), query.isAnonymous).decode(query.type, json)

    /**
     * Runs a mutation once: each has a request id, and is sent again with it when its answer is lost, until
     * [ClientOptions.mutationTimeout]. A gateway without a cluster key takes no ids: the client makes none then, and sends a
     * mutation whose answer is lost not again.
     *
     * It returns when collectors have results with the write, at the latest 5 s after the mutation's answer: those of [watch], with
     * [ClientOptions.singleStream] those of all subscriptions, and otherwise those of a signed-in user's, which the gateway sends before the
     * answer. Results that are loading, or whose connection is being made again, and collectors that are busy for more than 50 ms are not
     * waited for; nor are, without `singleStream`, subscriptions of anonymous callers and of tokens without a session id, and those whose
     * query is slow: the gateway sends their results at any time.
     *
     * @throws ConvexException.OutcomeUnknown if it was sent and there was no answer in time, or without an id none at all
     * @throws ConvexException.Refused with the reason `CLUSTER_KEY_MISSING` if the mutation has an id of the app and the gateway
     *   takes none; nothing has run
     */
    final override suspend fun <T> mutate(mutation: Mutation<T>): T =
        optimistic.settled(calls.mutate(mutation.path, mutation.encodedArgs(), mutation.requestId)).json.decode(mutation.type, json)

    /**
     * Runs a mutation once, and shows its [update] until the results have the write. See [Convex.mutate]. It returns when they have, and
     * otherwise as [mutate] without an update does, at the latest 5 s after the mutation's answer, or when it has failed.
     *
     * A subscription whose result the write does not change is asked for it again after 250 ms, by a new stream with its resume token. With
     * a gateway that does not say when a mutation was committed, the update ends 1 s after the answer.
     */
    final override suspend fun <T> mutate(mutation: Mutation<T>, update: (OptimisticStore) -> Unit): T = optimistic
        .make(mutation.path, update) { ended -> calls.mutate(mutation.path, mutation.encodedArgs(), mutation.requestId, ended) }
        .json.decode(mutation.type, json)

    final override suspend fun <T> action(action: Action<T>): T =
        calls.action(action.path, action.encodedArgs()).decode(action.type, json)

    private fun Call<*>.encodedArgs() = ByteString.copyFromUtf8(args.toString())

    /**
     * Call it when the device has a network, or another one: connects again at once, without waiting for a timer. On Android,
     * call it in `ConnectivityManager.NetworkCallback.onAvailable`.
     */
    public fun onNetworkAvailable(): Unit = transport.link.networkAvailable()

    /**
     * Rests until [resume]: subscriptions stay without a stream, and no new tokens are requested. Calls are made all the same,
     * over a connection that is closed with the last of them. On Android, call it when the app goes to the background.
     */
    public fun pause(): Unit = transport.link.pause()

    /** Ends [pause]: subscriptions continue with what has changed meanwhile. */
    public fun resume(): Unit = transport.link.resume()

    /** Ends all subscriptions and calls, and closes the connection. The client cannot be used afterwards. */
    override fun close() {
        callers.value = Caller.Closed
        subscriptions.close()
        optimistic.close()
        layers.close()
        transport.close()
    }
}
