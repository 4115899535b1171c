package com.convexgateway.client

import com.convexgateway.client.types.ConvexType
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull

/**
 * Rewrites a result for the serializers of Kotlin's own types, which do not know Convex's encoding: where a type has a Long, Int,
 * Double, Float or ByteArray without one of our decoders, as in `List<Long>` and `Long?`, `{"$integer": …}` becomes a number.
 */
@OptIn(ExperimentalSerializationApi::class)
internal object PlainValues {
    /** Whether the text may hold a value that needs it. */
    fun mayBeIn(text: String): Boolean = "\"$" in text

    /** The [element] for the [type], which is decoded with [json]. What does not fit the type stays, for the decoder to refuse. */
    fun of(element: JsonElement, type: SerialDescriptor, json: Json): JsonElement = when {
        type.plainName in WHOLE -> if (element is JsonObject) JsonPrimitive(EncodedJson.long(element)) else element
        type.plainName in FLOATING -> if (element is JsonObject) JsonPrimitive(EncodedJson.double(element)) else element
        type.plainName == BYTES -> if (element is JsonObject) numbers(EncodedJson.bytes(element)) else element
        OWN.any { type.serialName.startsWith(it) } -> element
        type.isInline -> of(element, type.getElementDescriptor(0), json)
        element is JsonArray && type.kind == StructureKind.LIST -> JsonArray(element.map { of(it, type.getElementDescriptor(0), json) })
        element is JsonObject && type.kind == StructureKind.MAP ->
            JsonObject(element.mapValues { of(it.value, type.getElementDescriptor(1), json) })
        element is JsonObject && type.kind == StructureKind.CLASS -> fields(element, type, json)
        element is JsonObject && type.kind == PolymorphicKind.SEALED -> member(element, type, json)
        else -> element
    }

    private fun fields(element: JsonObject, type: SerialDescriptor, json: Json) = JsonObject(
        element.mapValues { (name, value) ->
            val index = type.getElementIndex(name)
            if (index >= 0) of(value, type.getElementDescriptor(index), json) else value
        },
    )

    private fun member(element: JsonObject, type: SerialDescriptor, json: Json): JsonElement {
        val named = type.annotations.any { it is JsonClassDiscriminator }
        val field = if (named) type.discriminator else json.configuration.classDiscriminator
        val name = (element[field] as? JsonPrimitive)?.contentOrNull ?: return element
        val members = type.getElementDescriptor(1)
        val index = members.getElementIndex(name)
        return if (index >= 0) of(element, members.getElementDescriptor(index), json) else element
    }

    private fun numbers(bytes: ByteArray) = JsonArray(bytes.map { JsonPrimitive(it) })

    private val WHOLE = setOf("kotlin.Long", "kotlin.Int", "kotlin.Short", "kotlin.Byte")
    private val FLOATING = setOf("kotlin.Double", "kotlin.Float")
    private const val BYTES = "kotlin.ByteArray"

    /** Serializers that read the encoding as it is. */
    private val OWN = listOf("kotlinx.serialization.json.", ConvexType.PREFIX)
}

/** The name of the type without its nullability. */
@OptIn(ExperimentalSerializationApi::class)
internal val SerialDescriptor.plainName: String get() = serialName.removeSuffix("?")
