package com.convexgateway.client.types

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject

/** Reads and writes a class whose properties are the fields of an object. Fields that it does not have are ignored. */
public abstract class ObjectType<T>(name: String) : ConvexType<T>(name) {
    protected abstract fun read(from: ObjectReader): T

    protected abstract fun write(value: T, to: ObjectWriter)

    final override fun read(json: JsonElement): T = read(ObjectReader(json.asObject()))

    final override fun write(value: T): JsonObject = ObjectWriter().also { write(value, it) }.toJson()
}

/** The fields of an object that is read. */
public class ObjectReader internal constructor(private val fields: JsonObject) {
    /** A field that is always there. */
    public fun <V> required(name: String, type: ConvexType<V>): V {
        val json = fields[name] ?: throw SerializationException("$name is missing")
        return at(name) { type.read(json) }
    }

    /** A field that may be absent; null if it is. */
    public fun <V : Any> optional(name: String, type: ConvexType<V>): V? = fields[name]?.let { at(name) { type.read(it) } }

    /** A field that may be absent or null. */
    public fun <V> field(name: String, type: ConvexType<V>): Field<V> =
        fields[name]?.let { Field.Value(at(name) { type.read(it) }) } ?: Field.Absent
}

/** The fields of an object that is written, in the order of the calls. */
public class ObjectWriter internal constructor() {
    private val fields = LinkedHashMap<String, JsonElement>()

    /** A field that is always there. */
    public fun <V> required(name: String, value: V, type: ConvexType<V>) {
        fields[name] = type.write(value)
    }

    /** A field that is left out if [value] is null. */
    public fun <V : Any> optional(name: String, value: V?, type: ConvexType<V>) {
        if (value != null) fields[name] = type.write(value)
    }

    /** A field that is left out if it is [Field.Absent]. */
    public fun <V> field(name: String, value: Field<V>, type: ConvexType<V>) {
        if (value is Field.Value) fields[name] = type.write(value.value)
    }

    /** A field that has one value: a String, Boolean, Double or Long. */
    public fun literal(name: String, value: Any) {
        fields[name] = Types.scalar.write(value)
    }

    internal fun toJson() = JsonObject(fields)
}

internal fun JsonElement.asObject(): JsonObject =
    (this as? JsonObject)?.takeIf { Types.isObject(it) } ?: throw SerializationException("want an object")
