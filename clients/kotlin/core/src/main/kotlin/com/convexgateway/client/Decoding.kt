package com.convexgateway.client

import com.google.protobuf.ByteString
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.builtins.ByteArraySerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.json.Json
import kotlinx.serialization.modules.SerializersModule
import kotlinx.serialization.modules.contextual
import kotlinx.serialization.modules.overwriteWith

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

private val readers = ConcurrentHashMap<Json, Json>()

/** Reads as the app's [json] does, and numbers as Convex encodes them. */
private fun readerOf(json: Json?): Json = if (json == null) convexJson else readers.getOrPut(json) {
    Json(json) { serializersModule = convexJson.serializersModule.overwriteWith(json.serializersModule) }
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
internal suspend fun <T> ByteString.decode(type: DeserializationStrategy<T>, json: Json? = null): T = withContext(Dispatchers.Default) {
    try {
        @Suppress("UNCHECKED_CAST") // the map's pairs are of one type each
        readerOf(json).decodeFromString((aloneAsResult[type] ?: type) as DeserializationStrategy<T>, toStringUtf8())
    } catch (e: Exception) {
        throw InternalError("the result is not a ${type.descriptor.serialName} as Convex encodes it", e)
    }
}
