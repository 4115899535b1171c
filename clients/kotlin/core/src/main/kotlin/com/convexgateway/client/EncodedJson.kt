package com.convexgateway.client

import java.nio.ByteBuffer
import java.nio.ByteOrder
import kotlin.io.encoding.Base64
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.doubleOrNull
import kotlinx.serialization.json.longOrNull

/**
 * Convex's JSON encoding of values: a number is a Float64; Int64, Bytes and the floats that JSON lacks are objects of one
 * field that holds base64, little-endian. Source: get-convex/convex-backend crates/value/src/json.
 */
internal object EncodedJson {
    private const val INTEGER = "\$integer"
    private const val FLOAT = "\$float"
    private const val BYTES = "\$bytes"

    fun of(value: Long): JsonElement = special(INTEGER, little().putLong(value).array())

    fun of(value: Double): JsonElement =
        if (value.isFinite() && value.toRawBits() != (-0.0).toRawBits()) JsonPrimitive(value)
        else special(FLOAT, little().putDouble(value).array())

    /** Finite floats keep their short decimal form: 0.1f is 0.1. */
    fun of(value: Float): JsonElement =
        if (value.isFinite() && value.toRawBits() != (-0.0f).toRawBits()) JsonPrimitive(value) else of(value.toDouble())

    fun of(value: ByteArray): JsonElement = special(BYTES, value)

    /** Encodes a value in the arguments of a call. */
    fun of(value: Any?): JsonElement = when (value) {
        null -> JsonNull
        is JsonElement -> value
        is String -> JsonPrimitive(value)
        is Boolean -> JsonPrimitive(value)
        is Long -> of(value)
        is Int -> of(value.toLong())
        is Double -> of(value)
        is Float -> of(value)
        is Number -> JsonPrimitive(value)
        is ByteArray -> of(value)
        is Map<*, *> -> fields(value)
        is List<*> -> JsonArray(value.map { of(it) })
        else -> throw IllegalArgumentException("arguments cannot hold a ${value.javaClass.name}")
    }

    fun fields(map: Map<*, *>): JsonObject = JsonObject(
        map.entries.associate { (key, value) ->
            val name = key as? String ?: throw IllegalArgumentException("a key of a map is not a string")
            name to of(value)
        },
    )

    fun long(element: JsonElement): Long {
        if (element is JsonObject) return eight(element, INTEGER).getLong()
        val number = number(element)
        return number.longOrNull ?: number.doubleOrNull?.let(::whole) ?: throw SerializationException("expected a whole number")
    }

    fun double(element: JsonElement): Double {
        if (element is JsonObject) return eight(element, FLOAT).getDouble()
        return number(element).doubleOrNull ?: throw SerializationException("expected a number")
    }

    fun text(element: JsonElement): String =
        (element as? JsonPrimitive)?.takeIf { it.isString }?.content ?: throw SerializationException("expected a string")

    fun bytes(element: JsonElement): ByteArray =
        content(element as? JsonObject ?: throw SerializationException("expected {\"$BYTES\": …}"), BYTES)

    private fun number(element: JsonElement): JsonPrimitive =
        (element as? JsonPrimitive)?.takeIf { !it.isString } ?: throw SerializationException("expected a number")

    private fun whole(value: Double): Long? = value.toLong().takeIf { it.toDouble() == value }

    private fun special(kind: String, value: ByteArray) = JsonObject(mapOf(kind to JsonPrimitive(Base64.encode(value))))

    private fun content(element: JsonObject, kind: String): ByteArray {
        val text = (element[kind] as? JsonPrimitive)?.takeIf { it.isString && element.size == 1 }
            ?: throw SerializationException("expected {\"$kind\": …}")
        return try {
            Base64.decode(text.content)
        } catch (e: IllegalArgumentException) {
            throw SerializationException("$kind is not base64", e)
        }
    }

    private fun eight(element: JsonObject, kind: String): ByteBuffer {
        val bytes = content(element, kind)
        if (bytes.size != Long.SIZE_BYTES) throw SerializationException("$kind does not hold 8 bytes")
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
    }

    private fun little() = ByteBuffer.allocate(Long.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN)
}
