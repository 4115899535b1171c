package com.convexgateway.client

import com.google.protobuf.ByteString
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.builtins.ByteArraySerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.json.Json
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.contextual

/** Results are decoded leniently: a deployed function may return more fields than an installed app has. */
internal val convexJson = Json {
    ignoreUnknownKeys = true
    allowSpecialFloatingPointValues = true
    serializersModule = SerializersModule {
        contextual(Int64ToIntDecoder)
        contextual(Int64ToLongDecoder)
        contextual(Float64ToFloatDecoder)
        contextual(Float64ToDoubleDecoder)
    }
}

/** Decoders of results that are just a number or bytes, where no property can be annotated. */
private val aloneAsResult: Map<DeserializationStrategy<*>, DeserializationStrategy<*>> = mapOf(
    Int.serializer() to Int64ToIntDecoder,
    Long.serializer() to Int64ToLongDecoder,
    Float.serializer() to Float64ToFloatDecoder,
    Double.serializer() to Float64ToDoubleDecoder,
    ByteArraySerializer() to BytesDecoder,
)

/**
 * Decodes a result, in another thread than the caller's, which may be the main thread.
 *
 * @throws InternalError if it is not a [T]
 */
internal suspend fun <T> ByteString.decode(type: DeserializationStrategy<T>): T = withContext(Dispatchers.Default) {
    try {
        @Suppress("UNCHECKED_CAST") // the map's pairs are of one type each
        convexJson.decodeFromString((aloneAsResult[type] ?: type) as DeserializationStrategy<T>, toStringUtf8())
    } catch (e: Exception) {
        throw InternalError("the result is not a ${type.descriptor.serialName} as Convex encodes it", e)
    }
}
