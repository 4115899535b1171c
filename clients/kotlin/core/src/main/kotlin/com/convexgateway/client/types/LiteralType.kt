package com.convexgateway.client.types

import kotlinx.serialization.json.JsonElement

/**
 * Reads and writes one of several literals. Another value of their kind is read, too, since a newer deployment may have it.
 *
 * @param kind of the literals
 * @param unknown makes what a value that is none of [known] is read as
 * @param valueOf returns the value of one
 */
public abstract class LiteralType<T, V>(
    name: String,
    private val kind: ConvexType<V>,
    private val unknown: (V) -> T,
    private val valueOf: (T) -> V,
    private vararg val known: T,
) : ConvexType<T>(name) {
    /** The literal of a value, also of a value that another type has read. */
    public fun of(value: V): T = known.firstOrNull { valueOf(it) == value } ?: unknown(value)

    final override fun read(json: JsonElement): T = of(kind.read(json))

    final override fun write(value: T): JsonElement = kind.write(valueOf(value))
}

/** Reads and writes the ids of one table. */
public abstract class IdType<T>(name: String, private val make: (String) -> T, private val text: (T) -> String) : ConvexType<T>(name) {
    final override fun read(json: JsonElement): T = make(Types.string.read(json))

    final override fun write(value: T): JsonElement = Types.string.write(text(value))
}
