package com.convexgateway.client.types

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.InternalSerializationApi
import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.SerialKind
import kotlinx.serialization.descriptors.buildSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonEncoder

/**
 * Reads and writes the values of one validator in Convex's JSON encoding. No setting of a `Json` changes how, and nothing is found by
 * reflection: what [read] has returned is written as it was. Generated code has one for each of its types. Safe for use by several threads.
 *
 * @param name of the type, for errors
 */
public abstract class ConvexType<T>(name: String) : KSerializer<T> {
    @OptIn(ExperimentalSerializationApi::class, InternalSerializationApi::class)
    final override val descriptor: SerialDescriptor = buildSerialDescriptor(PREFIX + name, SerialKind.CONTEXTUAL)

    /**
     * Reads a value.
     *
     * @throws SerializationException if [json] is not such a value. Its message names the field, and holds no values
     */
    public abstract fun read(json: JsonElement): T

    /** Writes a value, as [read] takes it. */
    public abstract fun write(value: T): JsonElement

    final override fun deserialize(decoder: Decoder): T {
        val json = decoder as? JsonDecoder ?: throw SerializationException("$descriptor is for JSON only")
        return read(json.decodeJsonElement())
    }

    final override fun serialize(encoder: Encoder, value: T) {
        val json = encoder as? JsonEncoder ?: throw SerializationException("$descriptor is for JSON only")
        json.encodeJsonElement(write(value))
    }

    internal companion object {
        /** How the names of all descriptors begin. */
        const val PREFIX = "com.convexgateway.client.types."
    }
}

/** Adds a place to what [read] throws. */
internal inline fun <T> at(place: String, read: () -> T): T = try {
    read()
} catch (e: SerializationException) {
    throw SerializationException("$place: ${e.message}")
}
