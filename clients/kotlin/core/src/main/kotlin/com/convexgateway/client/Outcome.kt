package com.convexgateway.client

import com.google.protobuf.ByteString
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.json.Json

/**
 * A result of a query, or why there is none, for all that follow the query.
 *
 * @property from follows the query for the caller whose result it is
 * @property tag of the identity that the result is for; empty: it is for no particular one
 * @property isCached whether it is the value of an earlier stream that the gateway has not confirmed
 * @property isPending whether it has writes of this client in it that the gateway has not confirmed
 * @property json the value; null: there is a failure
 */
internal class Outcome private constructor(
    val from: Source,
    val tag: String,
    val isCached: Boolean,
    val isPending: Boolean,
    val json: ByteString?,
    private val failure: ConvexException?,
) {
    private val decoding = Mutex()
    private val decoded = ArrayDeque<Pair<DeserializationStrategy<*>, Result<*>>>() // guarded by the mutex

    /** Bytes of JSON that it holds. */
    val size: Int get() = json?.size() ?: 0

    /** Whether it may be shown now: not after another user has signed in, or the session has another identity. */
    val isShown: Boolean get() = from.shows(this)

    /** The same, as the gateway's word for an identity. */
    fun confirmed(tag: String): Outcome = Outcome(from, tag, isCached = false, isPending = false, json, failure)

    /** The same with writes of this client, which make it [json]. */
    fun pending(json: ByteString): Outcome = Outcome(from, tag, isCached, isPending = true, json, null)

    /** Whether it is the value of [other], which the caller had with another identity, or before the gateway has confirmed it. */
    fun repeats(other: Outcome): Boolean =
        from === other.from && (tag != other.tag || isPending || other.isPending) && json != null && json == other.json

    /** The result as a [T]. Those who ask with the same decoder share what it returns. */
    suspend fun <T> decode(type: DeserializationStrategy<T>, reader: Json?): Result<T> {
        val value = json ?: return Result.failure(failure!!)
        decoding.withLock {
            @Suppress("UNCHECKED_CAST") // the decoder's result is a T
            decoded.firstOrNull { (by, _) -> by === type }?.let { return it.second as Result<T> }
            if (decoded.size == MAX_DECODED) decoded.removeFirst()
            return value.decoded(type, reader).also { decoded += type to it }
        }
    }

    private suspend fun <T> ByteString.decoded(type: DeserializationStrategy<T>, reader: Json?): Result<T> = try {
        Result.success(decode(type, reader))
    } catch (e: InternalError) {
        Result.failure(e)
    }

    companion object {
        /** Of how many decoders the values are held: some apps make a new one for each collector. */
        private const val MAX_DECODED = 4

        fun value(from: Source, tag: String, json: ByteString, isCached: Boolean = false) =
            Outcome(from, tag, isCached, isPending = false, json, null)

        fun failure(from: Source, error: ConvexException, tag: String = "") =
            Outcome(from, tag, isCached = false, isPending = false, null, error)
    }
}
