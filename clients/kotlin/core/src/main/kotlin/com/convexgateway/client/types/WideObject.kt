package com.convexgateway.client.types

import kotlinx.serialization.json.JsonElement

/** An object with more fields than a constructor can have parameters: its fields by their names. Equal if these are. */
public abstract class WideObject protected constructor(private val values: Map<String, Any?>) {
    @Suppress("UNCHECKED_CAST") // a generated class reads what it has written
    protected fun <V> value(name: String): V = values[name] as V

    internal fun values(): Map<String, Any?> = values

    final override fun equals(other: Any?): Boolean = other is WideObject && javaClass == other.javaClass && values == other.values

    final override fun hashCode(): Int = values.hashCode()

    final override fun toString(): String = "${javaClass.simpleName}${values.filterValues { it != null && it != Field.Absent }}"

    /** Sets the fields of a new object. Used by one thread. */
    public abstract class Builder protected constructor(from: WideObject?, private val type: WideType<*>) {
        private val values: MutableMap<String, Any?> = from?.values?.toMutableMap() ?: type.defaults()

        /** @throws IllegalArgumentException if the field was not set */
        @Suppress("UNCHECKED_CAST") // as above
        protected fun <V> value(name: String): V {
            require(name in values) { "$name is not set" }
            return values[name] as V
        }

        protected fun put(name: String, value: Any?) {
            values[name] = value
        }

        /**
         * The fields, for a new object.
         *
         * @throws IllegalArgumentException if a required field was not set
         */
        public fun build(): Map<String, Any?> {
            type.checkComplete(values)
            return values.toMap()
        }
    }
}

/** A field of a [WideObject]. */
public class WideField internal constructor(
    internal val name: String,
    internal val isRequired: Boolean,
    internal val default: Any?,
    internal val read: (ObjectReader) -> Any?,
    internal val write: (Any?, ObjectWriter) -> Unit,
)

/** Reads and writes a [WideObject]. */
public abstract class WideType<T : WideObject>(
    name: String,
    private val make: (Map<String, Any?>) -> T,
    private vararg val fields: WideField,
) : ObjectType<T>(name) {
    final override fun read(from: ObjectReader): T = make(fields.associate { it.name to it.read(from) })

    final override fun write(value: T, to: ObjectWriter): Unit = fields.forEach { it.write(value.values()[it.name], to) }

    internal fun defaults(): MutableMap<String, Any?> =
        fields.filterNot { it.isRequired }.associateTo(LinkedHashMap()) { it.name to it.default }

    internal fun checkComplete(values: Map<String, Any?>) {
        val missing = fields.filter { it.name !in values }
        require(missing.isEmpty()) { "not set: ${missing.joinToString { it.name }}" }
    }
}
