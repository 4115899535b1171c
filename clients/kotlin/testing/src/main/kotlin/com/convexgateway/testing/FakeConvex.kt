package com.convexgateway.testing

import com.convexgateway.client.Action
import com.convexgateway.client.AuthState
import com.convexgateway.client.Call
import com.convexgateway.client.Connection
import com.convexgateway.client.Context
import com.convexgateway.client.Convex
import com.convexgateway.client.ConvexException
import com.convexgateway.client.ConvexJson
import com.convexgateway.client.ConvexWithAuth
import com.convexgateway.client.FunctionReference
import com.convexgateway.client.InternalError
import com.convexgateway.client.Mutation
import com.convexgateway.client.MutationFunction
import com.convexgateway.client.OptimisticStore
import com.convexgateway.client.Query
import com.convexgateway.client.QueryFunction
import com.convexgateway.client.QueryState
import java.time.Instant
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CopyOnWriteArrayList
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import kotlinx.serialization.KSerializer
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/**
 * A [Convex] for tests of an app, whose functions the test answers. There is no gateway, no thread and no timer:
 *
 *     val convex = FakeConvex()
 *         .query("messages:list") { listOf(Message("1", "ada", "hello")) }
 *         .mutation("messages:send") { args -> "2" }
 *
 * An answer is of the type that the call asks for, or a JsonElement in Convex's encoding. It passes through that encoding, so a
 * class that cannot be decoded in the app cannot be decoded here. What an answer throws is the error of the call; a
 * [ConvexException] of a query is a failure of its subscriptions, which go on.
 *
 * A mutation with a request id of the app that has succeeded is not answered again: with the same id and arguments it gets the first
 * result, as from a gateway. `calls` holds it each time.
 *
 * The update of a mutation is shown from the call until the mutation's answer, over what queries answer meanwhile; one that throws is in
 * `failedUpdates`. A `watch` has the states of its queries.
 *
 * Subscriptions ask again after each mutation, each action and [changed], and emit when the result is another one. A call
 * without an answer throws [UnansweredCall], from subscriptions, too.
 *
 * Safe for use by several threads.
 */
public class FakeConvex : ConvexWithAuth<String> {
    private sealed interface Key {
        /** All calls of a function. */
        data class OfFunction(val kind: Class<*>, val path: String) : Key

        /** The calls that are equal to one. */
        data class OfCall(val call: Call<*>) : Key
    }

    /** A result, or a failure, and whether updates have changed it. */
    private class Shown(val result: Result<Any?>, val isPending: Boolean)

    private val answers = ConcurrentHashMap<Key, suspend (JsonObject) -> Any?>()
    private val succeeded = ConcurrentHashMap<Pair<String, Call<*>>, Result<Any?>>() // by request id
    private val made = CopyOnWriteArrayList<Call<*>>()
    private val refused = CopyOnWriteArrayList<Call<*>>()
    private val changes = MutableStateFlow(0)
    private val last = ConcurrentHashMap<Query<*>, QueryState.Data<*>>()
    private val loaded = ConcurrentHashMap<Query<*>, JsonElement>() // what subscriptions show
    private val updates = CopyOnWriteArrayList<(OptimisticStore) -> Unit>() // of the mutations under way
    private val thrown = CopyOnWriteArrayList<Throwable>()

    /** The calls and subscriptions that were made so far, the oldest first. They are compared by kind, path and arguments. */
    public val calls: List<Call<*>> get() = made.toList()

    /** The calls that had no answer, for the end of a test: a `catch` of the app's own hides them from a subscription. */
    public val unanswered: List<Call<*>> get() = refused.toList()

    /** What updates of mutations have thrown. */
    public val failedUpdates: List<Throwable> get() = thrown.toList()

    /** The state of the connection, which a test may set. */
    override val connection: MutableStateFlow<Connection> =
        MutableStateFlow(Connection(Connection.State.CONNECTED, Instant.EPOCH))

    /** The state of the sign-in, which a test may set. */
    override val authState: MutableStateFlow<AuthState<String>> = MutableStateFlow(AuthState.Unauthenticated())

    /** The result of the next sign-ins. */
    @Volatile
    public var signIn: suspend () -> Result<String> = { Result.success("a user") }

    /** The result of the next sign-outs. */
    @Volatile
    public var signOut: suspend () -> Result<Void?> = { Result.success(null) }

    /** Answers the query [path], instead of an earlier answer. The arguments are in Convex's encoding. */
    public fun query(path: String, answer: suspend (args: JsonObject) -> Any?): FakeConvex =
        set(Key.OfFunction(Query::class.java, path), answer)

    /** Answers the mutation [path], as [query]. */
    public fun mutation(path: String, answer: suspend (args: JsonObject) -> Any?): FakeConvex =
        set(Key.OfFunction(Mutation::class.java, path), answer)

    /** Answers the action [path], as [query]. */
    public fun action(path: String, answer: suspend (args: JsonObject) -> Any?): FakeConvex =
        set(Key.OfFunction(Action::class.java, path), answer)

    /** Answers the calls that are equal to [call]. This comes before the answer of the function. */
    public fun <T> on(call: Call<T>, answer: suspend () -> T): FakeConvex = set(Key.OfCall(call)) { answer() }

    /** Answers a function; arguments are decoded and results are encoded with its serializers. */
    public fun <A, T> on(function: FunctionReference<A, T>, answer: suspend (args: A) -> T): FakeConvex {
        val kind = when (function) {
            is QueryFunction -> Query::class.java
            is MutationFunction -> Mutation::class.java
            else -> Action::class.java
        }
        return set(Key.OfFunction(kind, function.path)) { args ->
            ConvexJson.encode(answer(ConvexJson.decode(args, function.argsType)), function.resultType)
        }
    }

    /** Begins the states of [query] with a value that was kept from an earlier start. The answer of the query follows it. */
    public fun <T> kept(query: Query<T>, value: T): FakeConvex {
        last[query] = QueryState.Data(value, cached = true)
        return this
    }

    /** Makes subscriptions ask again, because answers are others now. */
    public fun changed(): Unit = changes.update { it + 1 }

    private fun set(key: Key, answer: suspend (JsonObject) -> Any?): FakeConvex {
        answers[key] = answer
        changed()
        return this
    }

    override fun <T> subscribe(query: Query<T>): Flow<Result<T>> = flow {
        var last: Any? = this // equal to no result
        shown(query).collect { shown ->
            if (shown.result != last) emit(shown.result.mapCatching { decode(it, query) })
            last = shown.result
        }
    }

    override fun <T> states(query: Query<T>): Flow<QueryState<T>> = flow {
        @Suppress("UNCHECKED_CAST") // was kept for an equal query
        var before = last[query] as QueryState.Data<T>?
        emit(before ?: QueryState.Loading)
        shown(query).map { shown ->
            shown.result.mapCatching { decode(it, query) }.fold(
                { value -> QueryState.Data(value, shown.isPending).also { before = it } },
                { QueryState.Failed(it as? ConvexException ?: throw it, before) },
            )
        }.distinctUntilChanged().collect { emit(it) }
    }

    private fun shown(query: Query<*>): Flow<Shown> = flow {
        made += query
        changes.collect {
            val result = try {
                Result.success(encodedResult(query))
            } catch (e: ConvexException) {
                Result.failure(e)
            }
            emit(updated(query, result))
        }
    }

    /** A result with the updates of the mutations under way. */
    private fun updated(query: Query<*>, result: Result<Any?>): Shown {
        var now = result.getOrNull() as? JsonElement ?: return Shown(result, isPending = false).also { loaded -= query }
        var isPending = false
        for (update in updates) {
            var changed: JsonElement? = null
            val store = OptimisticStore(listOf(query), { if (it == query) changed ?: now else loaded[it] }, { _, value -> changed = value })
            runCatching { update(store) }.onFailure { changed = null }
            changed?.let { now = it }
            isPending = isPending || changed != null
        }
        loaded[query] = now
        return Shown(Result.success(now), isPending)
    }

    override suspend fun <T> query(query: Query<T>): T = made.add(query).let { decode(encodedResult(query), query) }

    override suspend fun <T> mutate(mutation: Mutation<T>): T = write(mutation, mutation.requestId)

    override suspend fun <T> mutate(mutation: Mutation<T>, update: (OptimisticStore) -> Unit): T {
        val shown = { store: OptimisticStore ->
            try {
                update(store)
            } catch (e: Throwable) {
                thrown += e
                throw e
            }
        }
        updates += shown
        changed()
        return write(mutation, mutation.requestId) { updates -= shown }
    }

    override suspend fun <T> action(action: Action<T>): T = write(action, null)

    private suspend fun <T> write(call: Call<T>, requestId: String?, ended: () -> Unit = {}): T {
        made += call
        val key = requestId?.let { it to call }
        try {
            val earlier = key?.let(succeeded::get)
            val result = earlier ?: Result.success(encodedResult(call)).also { if (key != null) succeeded[key] = it }
            return decode(result.getOrThrow(), call)
        } finally {
            ended()
            changed()
        }
    }

    /** The result in Convex's encoding; the answer itself if the type of the result can only be decoded. */
    private suspend fun encodedResult(call: Call<*>): Any? {
        val answer = answers[Key.OfCall(call)] ?: answers[Key.OfFunction(call.javaClass, call.path)] ?: throw unanswered(call)
        val value = answer(call.args)
        val type = call.type as? KSerializer<*>
        return when {
            value is JsonElement -> value
            value == Unit || type?.descriptor == JsonElement.serializer().descriptor -> JsonNull // a result that is not asked for
            type == null -> value
            else -> encode(value, type)
        }
    }

    private fun encode(value: Any?, type: KSerializer<*>): JsonElement = try {
        @Suppress("UNCHECKED_CAST") // else it is not encoded
        ConvexJson.encode(value, type as KSerializer<Any?>)
    } catch (e: ClassCastException) {
        throw InternalError("the answer is not a ${type.descriptor.serialName}", e)
    } catch (e: NullPointerException) {
        throw InternalError("the answer is not a ${type.descriptor.serialName}", e)
    }

    @Suppress("UNCHECKED_CAST") // what is not JSON is the answer for a call of this type
    private fun <T> decode(result: Any?, call: Call<T>): T =
        if (result is JsonElement) ConvexJson.decode(result, call.type) else result as T

    private fun unanswered(call: Call<*>): UnansweredCall {
        refused += call
        val kind = call.javaClass.simpleName.lowercase()
        val others = answers.keys.filterIsInstance<Key.OfFunction>().filter { it.path == call.path }.map { it.kind.simpleName.lowercase() }
        val hint = if (others.isEmpty()) "" else "; it is answered as a ${others.first()}"
        return UnansweredCall("the $kind ${call.path} has no answer for ${call.args}: add .$kind(\"${call.path}\") { … }$hint")
    }

    override suspend fun login(context: Context): Result<String> = loginFromCache()

    override suspend fun loginFromCache(): Result<String> {
        authState.value = AuthState.AuthLoading()
        return signIn().also { authState.value = it.fold({ user -> AuthState.Authenticated(user) }, { AuthState.Unauthenticated() }) }
    }

    override suspend fun logout(context: Context): Result<Void?> =
        signOut().onSuccess { authState.value = AuthState.Unauthenticated() }
}
