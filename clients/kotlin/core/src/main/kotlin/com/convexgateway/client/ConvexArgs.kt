package com.convexgateway.client

import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.serializer

/**
 * Arguments from a `@Serializable` object, for every call that takes a map of them:
 *
 *     client.subscribe<List<Message>>("messages:list", argsOf(ListMessages(channel = "general")))
 *
 * Numbers and bytes are encoded as in a map: Int and Long as Int64. A null in a field that has a default is left out,
 * unless the field has `@EncodeDefault`. A class of a sealed hierarchy has its name in the field `type`, if [A] is the sealed
 * class: `@SerialName` sets the name, `@JsonClassDiscriminator` the field.
 */
public inline fun <reified A> argsOf(value: A): Map<String, Any?> = argsOf(value, serializer<A>())

/** Arguments from their names and values, as in a map: a null is sent. */
public fun argsOf(field: Pair<String, Any?>): Map<String, Any?> = mapOf(field)

/** Arguments from their names and values, as in a map: a null is sent. */
public fun argsOf(first: Pair<String, Any?>, second: Pair<String, Any?>, vararg more: Pair<String, Any?>): Map<String, Any?> =
    mapOf(first, second, *more)

/**
 * As the inline [argsOf], for a type that is not known at compile time.
 *
 * @throws IllegalArgumentException if the value is not an object, or has no encoding in Convex
 */
public fun <A> argsOf(value: A, type: SerializationStrategy<A>): Map<String, Any?> =
    ConvexJson.encode(value, type) as? JsonObject
        ?: throw IllegalArgumentException("${type.descriptor.serialName} is not an object")
