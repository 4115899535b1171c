package com.convexgateway.client

import kotlinx.serialization.KSerializer
import kotlinx.serialization.SerializationException
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonDecoder
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonEncoder

/** Decodes and encodes one kind of value that JSON lacks, in Convex's encoding. */
public sealed class EncodedSerializer<T>(name: String, kind: PrimitiveKind) : KSerializer<T> {
    final override val descriptor: SerialDescriptor = PrimitiveSerialDescriptor("com.convexgateway.client.$name", kind)

    internal abstract fun decode(element: JsonElement): T
    internal abstract fun encode(value: T): JsonElement

    final override fun deserialize(decoder: Decoder): T {
        val json = decoder as? JsonDecoder ?: throw SerializationException("$descriptor is for JSON only")
        return decode(json.decodeJsonElement())
    }

    final override fun serialize(encoder: Encoder, value: T) {
        val json = encoder as? JsonEncoder ?: throw SerializationException("$descriptor is for JSON only")
        json.encodeJsonElement(encode(value))
    }
}

/** Decodes `{"$integer": …}`, or a plain whole number. */
public object Int64ToLongDecoder : EncodedSerializer<Long>("Int64ToLong", PrimitiveKind.LONG) {
    override fun decode(element: JsonElement) = EncodedJson.long(element)
    override fun encode(value: Long) = EncodedJson.of(value)
}

/** Decodes `{"$integer": …}`, or a plain whole number, which must fit into 32 bits. */
public object Int64ToIntDecoder : EncodedSerializer<Int>("Int64ToInt", PrimitiveKind.INT) {
    override fun decode(element: JsonElement): Int {
        val value = EncodedJson.long(element)
        if (value !in Int.MIN_VALUE..Int.MAX_VALUE) throw SerializationException("$value does not fit into an Int")
        return value.toInt()
    }

    override fun encode(value: Int) = EncodedJson.of(value.toLong())
}

/** Decodes `{"$float": …}`, or a plain number. */
public object Float64ToDoubleDecoder : EncodedSerializer<Double>("Float64ToDouble", PrimitiveKind.DOUBLE) {
    override fun decode(element: JsonElement) = EncodedJson.double(element)
    override fun encode(value: Double) = EncodedJson.of(value)
}

/** Decodes `{"$float": …}`, or a plain number, to a Float's precision. */
public object Float64ToFloatDecoder : EncodedSerializer<Float>("Float64ToFloat", PrimitiveKind.FLOAT) {
    override fun decode(element: JsonElement) = EncodedJson.double(element).toFloat()
    override fun encode(value: Float) = EncodedJson.of(value)
}

/** Decodes `{"$bytes": …}`. */
public object BytesDecoder : EncodedSerializer<ByteArray>("Bytes", PrimitiveKind.STRING) {
    override fun decode(element: JsonElement) = EncodedJson.bytes(element)
    override fun encode(value: ByteArray) = EncodedJson.of(value)
}
