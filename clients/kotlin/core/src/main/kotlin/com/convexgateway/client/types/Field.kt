package com.convexgateway.client.types

/** A field that may be absent, null or a value: `v.optional(v.union(v.string(), v.null()))`. */
public sealed class Field<out T> {
    /** The field is left out. */
    public data object Absent : Field<Nothing>()

    /** The field is there; [value] may be null. */
    public data class Value<out T>(public val value: T) : Field<T>()

    /** The value; null if it is null or absent. */
    public fun orNull(): T? = (this as? Value)?.value
}
