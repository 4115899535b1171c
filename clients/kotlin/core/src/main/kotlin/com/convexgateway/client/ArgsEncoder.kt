package com.convexgateway.client

import com.convexgateway.client.types.ConvexType
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.builtins.ByteArraySerializer
import kotlinx.serialization.descriptors.PolymorphicKind
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.StructureKind
import kotlinx.serialization.encoding.AbstractEncoder
import kotlinx.serialization.encoding.CompositeEncoder
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonClassDiscriminator
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Encodes `@Serializable` values by the rules of [EncodedJson]. */
@OptIn(ExperimentalSerializationApi::class)
internal sealed class ArgsEncoder : AbstractEncoder() {
    override val serializersModule get() = convexJson.serializersModule

    /** Adds the next value, encoded. */
    protected abstract fun put(element: JsonElement)

    override fun <T> encodeSerializableValue(serializer: SerializationStrategy<T>, value: T) = when {
        serializer is ConvexType<T> -> put(serializer.write(value))
        serializer is EncodedSerializer<*> || serializer == BYTES || value is JsonElement -> put(EncodedJson.of(value))
        else -> super.encodeSerializableValue(serializer, value)
    }

    override fun encodeNull() = put(JsonNull)

    /** Encodes numbers, strings and booleans. */
    override fun encodeValue(value: Any) = put(EncodedJson.of(if (value is Char) value.toString() else value))

    override fun encodeEnum(enumDescriptor: SerialDescriptor, index: Int) = encodeValue(enumDescriptor.getElementName(index))

    override fun beginStructure(descriptor: SerialDescriptor): CompositeEncoder = when (descriptor.kind) {
        StructureKind.LIST -> Elements { put(JsonArray(it)) }
        StructureKind.MAP -> Elements { put(JsonObject(pairs(it))) }
        is PolymorphicKind -> Member(descriptor.discriminator) { put(it) }
        else -> Fields { put(JsonObject(it)) }
    }

    private fun pairs(keysAndValues: List<JsonElement>) = keysAndValues.chunked(2).associate { (key, value) ->
        val name = (key as? JsonPrimitive)?.takeIf { it.isString }
        (name ?: throw IllegalArgumentException("a key of a map is not a string")).content to value
    }

    /** One value. */
    class Single : ArgsEncoder() {
        var value: JsonElement = JsonNull
            private set

        override fun put(element: JsonElement) {
            value = element
        }
    }

    /** The elements of a list, or the keys and values of a map. */
    private class Elements(private val end: (List<JsonElement>) -> Unit) : ArgsEncoder() {
        private val elements = ArrayList<JsonElement>()

        override fun put(element: JsonElement) {
            elements.add(element)
        }

        override fun endStructure(descriptor: SerialDescriptor) = end(elements)
    }

    /**
     * The fields of a class. A null in a field that has a default is left out, because optional fields of Convex may be
     * absent but not null; other defaults are sent, and so is a null in a field with `@EncodeDefault`.
     */
    private class Fields(private val end: (Map<String, JsonElement>) -> Unit) : ArgsEncoder() {
        private val fields = LinkedHashMap<String, JsonElement>()
        private var name = ""
        private var optional = false
        private var asked = -1 // index of the field whose default may be left out

        /** Is not called for fields with `@EncodeDefault`. */
        override fun shouldEncodeElementDefault(descriptor: SerialDescriptor, index: Int): Boolean {
            asked = index
            return true
        }

        override fun encodeElement(descriptor: SerialDescriptor, index: Int): Boolean {
            name = descriptor.getElementName(index)
            optional = descriptor.isElementOptional(index) && asked == index
            return true
        }

        override fun put(element: JsonElement) {
            if (element != JsonNull || !optional) fields[name] = element
        }

        override fun endStructure(descriptor: SerialDescriptor) = end(fields)
    }

    /** A class of a sealed hierarchy, with its name in a field. It is encoded as two elements: the name and the class. */
    private class Member(private val field: String, private val end: (JsonElement) -> Unit) : ArgsEncoder() {
        private val elements = ArrayList<JsonElement>()

        override fun put(element: JsonElement) {
            elements.add(element)
        }

        override fun endStructure(descriptor: SerialDescriptor) {
            val (name, value) = elements
            val fields = value as? JsonObject ?: throw IllegalArgumentException("$name of ${descriptor.serialName} is not an object")
            require(field !in fields) { "$name of ${descriptor.serialName} has a field $field of its own" }
            end(JsonObject(mapOf(field to name) + fields))
        }
    }

    private companion object {
        val BYTES = ByteArraySerializer()
    }
}

/** The field that holds the name of a class of this sealed hierarchy. */
@OptIn(ExperimentalSerializationApi::class)
internal val SerialDescriptor.discriminator: String
    get() = annotations.firstNotNullOfOrNull { (it as? JsonClassDiscriminator)?.discriminator } ?: "type"
