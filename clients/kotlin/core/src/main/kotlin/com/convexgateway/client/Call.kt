package com.convexgateway.client

import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.serializer

/**
 * A call as a value, without a client: a [Query], [Mutation] or [Action]. Two are equal if they are of one kind and their paths
 * and arguments are equal, whatever their types of results; of queries both are anonymous, or neither.
 *
 * @property path of the function, `messages:list`
 * @property args the arguments in Convex's JSON encoding
 * @property type decodes the result
 */
public sealed class Call<T>(
    public val path: String,
    public val args: JsonObject,
    public val type: DeserializationStrategy<T>,
) {
    internal open val runsAsNobody: Boolean get() = false

    final override fun equals(other: Any?): Boolean = other is Call<*> && javaClass == other.javaClass &&
        path == other.path && args == other.args && runsAsNobody == other.runsAsNobody

    final override fun hashCode(): Int = 31 * path.hashCode() + args.hashCode()

    /** Leaves the arguments out, which may be secrets. */
    final override fun toString(): String = "${javaClass.simpleName}($path)"
}

/**
 * A call of a query, for [Convex.subscribe] and [Convex.query].
 *
 * @property isAnonymous whether the query runs without the caller's identity, as for a caller who has not signed in: a function that asks for
 *   the identity gets null. All users share its result then, which costs the deployment one run for each write, however many they are
 */
public class Query<T> @JvmOverloads constructor(
    path: String,
    args: Map<String, Any?>?,
    type: DeserializationStrategy<T>,
    public val isAnonymous: Boolean = false,
) : Call<T>(path, EncodedJson.fields(args.orEmpty()), type) {
    internal override val runsAsNobody get() = isAnonymous

    /** This call without the caller's identity. */
    public fun anonymous(): Query<T> = Query(path, args, type, isAnonymous = true)
}

/**
 * A call of a mutation, for [Convex.mutate].
 *
 * @property requestId 22 to 255 printable ASCII characters, chosen at random: all calls of a user with the same id, path and
 *   arguments write once, also those of another process, and return the result of the first that succeeds, for 24 hours. Null: the
 *   client makes an id for each call. Two mutations are equal whatever their ids
 * @throws ArgumentRefused if the id is not such a text
 */
public class Mutation<T> @JvmOverloads constructor(
    path: String,
    args: Map<String, Any?>?,
    type: DeserializationStrategy<T>,
    requestId: String? = null,
) : Call<T>(path, EncodedJson.fields(args.orEmpty()), type) {
    public val requestId: String? = RequestIds.checked(requestId)

    /** This call with another request id, or with none. */
    public fun withRequestId(requestId: String?): Mutation<T> = Mutation(path, args, type, requestId)
}

/** A call of an action, for [Convex.action]. */
public class Action<T>(path: String, args: Map<String, Any?>?, type: DeserializationStrategy<T>) :
    Call<T>(path, EncodedJson.fields(args.orEmpty()), type)

/**
 * A query as a value:
 *
 *     val newest = query<List<Message>>("messages:list", mapOf("channel" to "general"))
 *     client.subscribe(newest)
 *
 * For [anonymous], see [Query.isAnonymous].
 */
public inline fun <reified T> query(path: String, args: Map<String, Any?>? = null, anonymous: Boolean = false): Query<T> =
    Query(path, args, serializer<T>(), anonymous)

/** The same query with a type for its result, for a function that declares none: `Api.messages.list().returning<List<Message>>()`. */
public inline fun <reified T> Query<JsonElement>.returning(): Query<T> = Query(path, args, serializer<T>())

/** The same mutation with a type for its result. */
public inline fun <reified T> Mutation<JsonElement>.returning(): Mutation<T> = Mutation(path, args, serializer<T>(), requestId)

/** The same action with a type for its result. */
public inline fun <reified T> Action<JsonElement>.returning(): Action<T> = Action(path, args, serializer<T>())

/** A mutation as a value. For [requestId], see [Mutation.requestId]. */
public inline fun <reified T> mutation(path: String, args: Map<String, Any?>? = null, requestId: String? = null): Mutation<T> =
    Mutation(path, args, serializer<T>(), requestId)

/** A mutation as a value, whatever it returns. */
@JvmName("voidMutation")
public fun mutation(path: String, args: Map<String, Any?>? = null, requestId: String? = null): Mutation<Unit> =
    Mutation(path, args, Ignored, requestId)

/** An action as a value. */
public inline fun <reified T> action(path: String, args: Map<String, Any?>? = null): Action<T> = Action(path, args, serializer<T>())

/** An action as a value, whatever it returns. */
@JvmName("voidAction")
public fun action(path: String, args: Map<String, Any?>? = null): Action<Unit> = Action(path, args, Ignored)
