package com.convexgateway.client

import kotlinx.serialization.SerializationStrategy
import kotlinx.serialization.serializer

/**
 * Arguments from a `@Serializable` object, for every call that takes a map of them:
 *
 *     client.subscribe<List<Message>>("messages:list", argsOf(ListMessages(channel = "general")))
 *
 * Int and Long fields travel as Int64, ByteArray as Bytes, as they do in a map.
 */
inline fun <reified A> argsOf(value: A): Map<String, Any?> = argsOf(value, serializer<A>())

/** As the inline [argsOf], for a type that is not known where the call is compiled. */
fun <A> argsOf(value: A, type: SerializationStrategy<A>): Map<String, Any?> = TODO("$value $type")
