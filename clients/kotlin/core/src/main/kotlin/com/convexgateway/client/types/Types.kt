package com.convexgateway.client.types

import com.convexgateway.client.ActionFunction
import com.convexgateway.client.EncodedJson
import com.convexgateway.client.MutationFunction
import com.convexgateway.client.Page
import com.convexgateway.client.QueryFunction
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

/**
 * The types of Convex's own values, and what generated code makes others of. They take no value of another kind: a number is no Int64, though
 * both are written with digits.
 */
public object Types {
    /** Strings, and function handles. */
    public val string: ConvexType<String> = type("string", { EncodedJson.text(it) }, { EncodedJson.of(it) })

    /** Booleans. */
    public val boolean: ConvexType<Boolean> = type("boolean", ::readBoolean) { JsonPrimitive(it) }

    /** Numbers, NaN, the infinities and −0 among them: `v.number()`. */
    public val number: ConvexType<Double> = type("number", { EncodedJson.double(it) }, { EncodedJson.of(it) })

    /** `v.int64()`. */
    public val int64: ConvexType<Long> = type("int64", ::readInt64) { EncodedJson.of(it) }

    /** `v.bytes()`. */
    public val bytes: ConvexType<Bytes> = type("bytes", { Bytes.of(EncodedJson.bytes(it)) }, { EncodedJson.of(it.toByteArray()) })

    /** Null alone. */
    public val nothing: ConvexType<Unit> =
        type("null", { if (it != JsonNull) throw SerializationException("want null") }, { JsonNull })

    /** Any value, in Convex's encoding. */
    public val any: ConvexType<JsonElement> = type("any", { it }, { it })

    /** An object of any fields, in Convex's encoding. */
    public val arguments: ConvexType<JsonObject> = type("object", { it.asObject() }, { it })

    /** The arguments of a function that has none. */
    public val none: ConvexType<Unit> get() = NoArguments

    /** The value of these. */
    public val noArguments: Unit = Unit

    /** Arguments as in a map of them, for a function that does not declare its own. */
    public fun encoded(args: Map<String, Any?>?): JsonObject = EncodedJson.fields(args.orEmpty())

    /** A String, Boolean, Double or Long, by the kind of the value. */
    public val scalar: ConvexType<Any> = type("scalar", ::readScalar, ::writeScalar)

    /** `paginationOpts`. */
    public val paginationOptions: ConvexType<PaginationOptions> get() = PaginationOptions.Type

    /** [Field.Absent]. */
    public val absent: Field<Nothing> get() = Field.Absent

    /** Arrays. */
    public fun <T> list(element: ConvexType<T>): ConvexType<List<T>> = type(
        "list",
        { json -> json.asArray().mapIndexed { i, it -> at("[$i]") { element.read(it) } } },
        { list -> JsonArray(list.map { element.write(it) }) },
    )

    /** Objects of any fields, whose names are strings or ids. */
    public fun <K, V> record(keys: ConvexType<K>, values: ConvexType<V>): ConvexType<Map<K, V>> = type(
        "record",
        { json ->
            json.asObject().entries.associate { (key, value) -> at(key) { keys.read(JsonPrimitive(key)) to values.read(value) } }
        },
        { map -> JsonObject(map.entries.associate { (key, value) -> (keys.write(key) as JsonPrimitive).content to values.write(value) }) },
    )

    /** What [type] has, and null. */
    public fun <T : Any> nullable(type: ConvexType<T>): ConvexType<T?> =
        type("nullable", { if (it == JsonNull) null else type.read(it) }, { if (it == null) JsonNull else type.write(it) })

    /** Pages of rows. */
    public fun <T> page(row: ConvexType<T>): ConvexType<Page<T>> = PageType(row)

    /** A query with its types. */
    public fun <A, T> query(path: String, args: ConvexType<A>, result: ConvexType<T>): QueryFunction<A, T> = QueryFunction(path, args, result)

    /** A mutation with its types. */
    public fun <A, T> mutation(path: String, args: ConvexType<A>, result: ConvexType<T>): MutationFunction<A, T> =
        MutationFunction(path, args, result)

    /** An action with its types. */
    public fun <A, T> action(path: String, args: ConvexType<A>, result: ConvexType<T>): ActionFunction<A, T> = ActionFunction(path, args, result)

    /** Whether a value is a number. */
    public fun isNumber(json: JsonElement): Boolean = json.kind == Kind.NUMBER

    /** Whether a value is an Int64. */
    public fun isInt64(json: JsonElement): Boolean = json.kind == Kind.INT64

    /** Whether a value is a string. */
    public fun isString(json: JsonElement): Boolean = json.kind == Kind.STRING

    /** Whether a value is a boolean. */
    public fun isBoolean(json: JsonElement): Boolean = json.kind == Kind.BOOLEAN

    /** Whether a value is bytes. */
    public fun isBytes(json: JsonElement): Boolean = json.kind == Kind.BYTES

    /** Whether a value is an array. */
    public fun isList(json: JsonElement): Boolean = json is JsonArray

    /** Whether a value is an object, a record among them. */
    public fun isObject(json: JsonElement): Boolean = json.kind == Kind.OBJECT

    /** Whether a value is an object with a literal in a field: a String, Boolean, Double or Long. */
    public fun has(json: JsonElement, field: String, literal: Any): Boolean =
        isObject(json) && (json as JsonObject)[field]?.let { scalarOrNull(it) } == literal

    /** A required field of a [WideObject]. */
    public fun <V> required(name: String, type: ConvexType<V>): WideField =
        wideField<V>(name, true, null, { it.required(name, type) }) { value, to -> to.required(name, value, type) }

    /** A field of a [WideObject] that may be absent. */
    public fun <V : Any> optional(name: String, type: ConvexType<V>): WideField =
        wideField<V?>(name, false, null, { it.optional(name, type) }) { value, to -> to.optional(name, value, type) }

    /** A field of a [WideObject] that may be absent or null. */
    public fun <V> field(name: String, type: ConvexType<V>): WideField =
        wideField<Field<V>>(name, false, Field.Absent, { it.field(name, type) }) { value, to -> to.field(name, value, type) }

    /** A field of a [WideObject] that has one value: a String, Boolean, Double or Long. */
    public fun literal(name: String, value: Any): WideField = wideField<Any>(name, false, value, { value }) { _, to -> to.literal(name, value) }

    @Suppress("UNCHECKED_CAST") // the generated class has a V in this field
    private fun <V> wideField(name: String, required: Boolean, default: Any?, read: (ObjectReader) -> V, write: (V, ObjectWriter) -> Unit) =
        WideField(name, required, default, read) { value, to -> write(value as V, to) }

    private fun <T> type(name: String, read: (JsonElement) -> T, write: (T) -> JsonElement): ConvexType<T> =
        object : ConvexType<T>(name) {
            override fun read(json: JsonElement) = read(json)
            override fun write(value: T) = write(value)
        }

    private fun readBoolean(json: JsonElement) =
        (json as? JsonPrimitive)?.takeIf { !it.isString }?.booleanOrNull ?: throw SerializationException("want a boolean")

    private fun readInt64(json: JsonElement) = if (isInt64(json)) EncodedJson.long(json) else throw SerializationException("want an int64")

    private fun readScalar(json: JsonElement) = scalarOrNull(json) ?: throw SerializationException("want a string, boolean, number or int64")

    private fun scalarOrNull(json: JsonElement): Any? = when (json.kind) {
        Kind.STRING -> string.read(json)
        Kind.BOOLEAN -> boolean.read(json)
        Kind.NUMBER -> number.read(json)
        Kind.INT64 -> int64.read(json)
        else -> null
    }

    private fun writeScalar(value: Any) = when (value) {
        is String -> string.write(value)
        is Boolean -> boolean.write(value)
        is Double -> number.write(value)
        is Long -> int64.write(value)
        else -> throw IllegalArgumentException("a literal cannot be a ${value.javaClass.name}")
    }

    private fun JsonElement.asArray() = this as? JsonArray ?: throw SerializationException("want an array")

    private enum class Kind { NULL, STRING, BOOLEAN, NUMBER, INT64, BYTES, ARRAY, OBJECT }

    /** The kind of a value in Convex's encoding, in which names of fields do not begin with `$`. */
    private val JsonElement.kind: Kind
        get() = when (this) {
            JsonNull -> Kind.NULL
            is JsonPrimitive -> if (isString) Kind.STRING else if (booleanOrNull != null) Kind.BOOLEAN else Kind.NUMBER
            is JsonArray -> Kind.ARRAY
            is JsonObject -> if (size != 1) Kind.OBJECT else KINDS[keys.first()] ?: Kind.OBJECT
        }

    private val KINDS = mapOf("\$integer" to Kind.INT64, "\$float" to Kind.NUMBER, "\$bytes" to Kind.BYTES)
}
