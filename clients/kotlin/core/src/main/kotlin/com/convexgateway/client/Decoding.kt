package com.convexgateway.client

import com.google.protobuf.ByteString
import java.util.concurrent.ConcurrentHashMap
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import kotlinx.serialization.DeserializationStrategy
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.ByteArraySerializer
import kotlinx.serialization.builtins.serializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
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

/** Decoders of results that are just a number or bytes; these take a Float64 that is a whole number, too. */
private val aloneAsResult: Map<String, DeserializationStrategy<*>> = mapOf(
    Int.serializer().descriptor.serialName to Int64ToIntDecoder,
    Long.serializer().descriptor.serialName to Int64ToLongDecoder,
    Float.serializer().descriptor.serialName to Float64ToFloatDecoder,
    Double.serializer().descriptor.serialName to Float64ToDoubleDecoder,
    ByteArraySerializer().descriptor.serialName to BytesDecoder,
)

/**
 * Decodes a result, in another thread than the caller's, which may be the main thread.
 *
 * @throws InternalError if it is not a [T]
 */
internal suspend fun <T> ByteString.decode(type: DeserializationStrategy<T>, json: Json? = null): T =
    withContext(Dispatchers.Default) { toStringUtf8().readAs(type, json) }

/**
 * Decodes JSON text in Convex's encoding.
 *
 * @throws InternalError if it is not a [T]
 */
internal fun <T> String.readAs(type: DeserializationStrategy<T>, json: Json? = null): T = try {
    val reader = readerOf(json)
    val alone = if (this == "null") null else aloneAsResult[type.descriptor.plainName]
    @Suppress("UNCHECKED_CAST") // the map's pairs are of one type each
    when {
        alone != null -> reader.decodeFromString(alone, this) as T
        PlainValues.mayBeIn(this) -> reader.decodeFromJsonElement(type, PlainValues.of(reader.parseToJsonElement(this), type.descriptor, reader))
        else -> reader.decodeFromString(type, this)
    }
} catch (e: Exception) {
    throw InternalError("the result is not a ${type.descriptor.serialName} as Convex encodes it", e)
}

/** Reads anything, and returns nothing of it: the result of a call that is not asked for. */
internal object Ignored : KSerializer<Unit> {
    override val descriptor: SerialDescriptor = JsonElement.serializer().descriptor
    override fun serialize(encoder: Encoder, value: Unit): Unit = encoder.encodeSerializableValue(JsonElement.serializer(), JsonNull)
    override fun deserialize(decoder: Decoder) {
        decoder.decodeSerializableValue(JsonElement.serializer())
    }
}

/** Convex's JSON encoding of values, as arguments are sent and results are read. */
public object ConvexJson {
    /**
     * Encodes a value. A class is encoded as by [argsOf].
     *
     * @throws IllegalArgumentException if the value has no encoding in Convex
     */
    public fun <T> encode(value: T, type: SerializationStrategy<T>): JsonElement {
        val encoder = ArgsEncoder.Single()
        encoder.encodeSerializableValue(type, value)
        return encoder.value
    }

    /**
     * Decodes a value.
     *
     * @throws InternalError if it is not a [T]
     */
    public fun <T> decode(element: JsonElement, type: DeserializationStrategy<T>): T = element.toString().readAs(type)
}
