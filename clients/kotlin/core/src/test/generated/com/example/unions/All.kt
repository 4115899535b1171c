// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.unions

import com.convexgateway.client.types.Types

/** The functions of `all`. */
public object All {
    /** The query `all:bytes`, for fakes. */
    public val bytes: com.convexgateway.client.QueryFunction<kotlin.Unit, All.BytesResult>
        get() = Types.query("all:bytes", Types.none, All.BytesResult.Type)

    /** A call of the query `all:bytes`. */
    public fun bytes(): com.convexgateway.client.Query<All.BytesResult> =
        this.bytes.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = All.BytesResult.Type::class)
    public data class BytesResult(
        public val content: com.convexgateway.client.types.Bytes,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.BytesResult>("BytesResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.BytesResult = All.BytesResult(
                from.required("content", Types.bytes),
            )

            override fun write(value: All.BytesResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("content", value.content, Types.bytes)
            }
        }
    }

    /** The mutation `all:kinds`, for fakes. */
    public val kinds: com.convexgateway.client.MutationFunction<All.KindsArgs, All.KindsResult>
        get() = Types.mutation("all:kinds", All.KindsArgs.Type, All.KindsResult.Type)

    /** A call of the mutation `all:kinds`. */
    public fun kinds(any: kotlinx.serialization.json.JsonElement, apart: All.KindsApart, doubled: All.KindsDoubled, ids: kotlin.String, nested: All.KindsNested?, notApart: kotlinx.serialization.json.JsonElement, numberOrObject: All.KindsNumberOrObject, open: kotlin.String, sized: All.KindsSized, stringOrInt64: All.KindsStringOrInt64, never: kotlinx.serialization.json.JsonElement? = null): com.convexgateway.client.Mutation<All.KindsResult> =
        this.kinds.invoke(KindsArgs(any, apart, doubled, ids, nested, notApart, numberOrObject, open, sized, stringOrInt64, never))

    @kotlinx.serialization.Serializable(with = All.KindsResultApart.Type::class)
    public sealed interface KindsResultApart {
        public data class BooleanValue(public val value: kotlin.Boolean) : All.KindsResultApart

        public data class BytesValue(public val value: com.convexgateway.client.types.Bytes) : All.KindsResultApart

        public data class ListValue(public val value: kotlin.collections.List<kotlin.Double>) : All.KindsResultApart

        public data class RecordValue(public val value: kotlin.collections.Map<kotlin.String, kotlin.String>) : All.KindsResultApart

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsResultApart

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsResultApart>("KindsResultApart") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsResultApart = when {
                Types.isBoolean(json) -> All.KindsResultApart.BooleanValue(Types.boolean.read(json))
                Types.isBytes(json) -> All.KindsResultApart.BytesValue(Types.bytes.read(json))
                Types.isList(json) -> All.KindsResultApart.ListValue(Types.list(Types.number).read(json))
                Types.isObject(json) -> All.KindsResultApart.RecordValue(Types.record(Types.string, Types.string).read(json))
                else -> All.KindsResultApart.Unknown(json)
            }

            override fun write(value: All.KindsResultApart): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsResultApart.BooleanValue -> Types.boolean.write(value.value)
                is All.KindsResultApart.BytesValue -> Types.bytes.write(value.value)
                is All.KindsResultApart.ListValue -> Types.list(Types.number).write(value.value)
                is All.KindsResultApart.RecordValue -> Types.record(Types.string, Types.string).write(value.value)
                is All.KindsResultApart.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultDoubled.Type::class)
    public sealed interface KindsResultDoubled {
        public val value: kotlin.String

        public data object A : All.KindsResultDoubled {
            override val value: kotlin.String get() = "a"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : All.KindsResultDoubled

        public object Type : com.convexgateway.client.types.LiteralType<All.KindsResultDoubled, kotlin.String>(
            "KindsResultDoubled", Types.string, { All.KindsResultDoubled.Unknown(it) }, { it.value },
            All.KindsResultDoubled.A,
        )
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultNested.Type::class)
    public sealed interface KindsResultNested {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsResultNested

        public data class StringValue(public val value: kotlin.String) : All.KindsResultNested

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsResultNested

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsResultNested>("KindsResultNested") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsResultNested = when {
                Types.isNumber(json) -> All.KindsResultNested.NumberValue(Types.number.read(json))
                Types.isString(json) -> All.KindsResultNested.StringValue(Types.string.read(json))
                else -> All.KindsResultNested.Unknown(json)
            }

            override fun write(value: All.KindsResultNested): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsResultNested.NumberValue -> Types.number.write(value.value)
                is All.KindsResultNested.StringValue -> Types.string.write(value.value)
                is All.KindsResultNested.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultNumberOrObjectObject.Type::class)
    public data class KindsResultNumberOrObjectObject(
        public val a: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.KindsResultNumberOrObjectObject>("KindsResultNumberOrObjectObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.KindsResultNumberOrObjectObject = All.KindsResultNumberOrObjectObject(
                from.required("a", Types.string),
            )

            override fun write(value: All.KindsResultNumberOrObjectObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultNumberOrObject.Type::class)
    public sealed interface KindsResultNumberOrObject {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsResultNumberOrObject

        public data class ObjectValue(public val value: All.KindsResultNumberOrObjectObject) : All.KindsResultNumberOrObject

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsResultNumberOrObject

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsResultNumberOrObject>("KindsResultNumberOrObject") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsResultNumberOrObject = when {
                Types.isNumber(json) -> All.KindsResultNumberOrObject.NumberValue(Types.number.read(json))
                Types.isObject(json) -> All.KindsResultNumberOrObject.ObjectValue(All.KindsResultNumberOrObjectObject.Type.read(json))
                else -> All.KindsResultNumberOrObject.Unknown(json)
            }

            override fun write(value: All.KindsResultNumberOrObject): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsResultNumberOrObject.NumberValue -> Types.number.write(value.value)
                is All.KindsResultNumberOrObject.ObjectValue -> All.KindsResultNumberOrObjectObject.Type.write(value.value)
                is All.KindsResultNumberOrObject.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultSizedString.Type::class)
    public sealed interface KindsResultSizedString {
        public val value: kotlin.String

        public data object Auto : All.KindsResultSizedString {
            override val value: kotlin.String get() = "auto"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : All.KindsResultSizedString

        public object Type : com.convexgateway.client.types.LiteralType<All.KindsResultSizedString, kotlin.String>(
            "KindsResultSizedString", Types.string, { All.KindsResultSizedString.Unknown(it) }, { it.value },
            All.KindsResultSizedString.Auto,
        )
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultSized.Type::class)
    public sealed interface KindsResultSized {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsResultSized

        public data class StringValue(public val value: All.KindsResultSizedString) : All.KindsResultSized

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsResultSized

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsResultSized>("KindsResultSized") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsResultSized = when {
                Types.isNumber(json) -> All.KindsResultSized.NumberValue(Types.number.read(json))
                Types.isString(json) -> All.KindsResultSized.StringValue(All.KindsResultSizedString.Type.read(json))
                else -> All.KindsResultSized.Unknown(json)
            }

            override fun write(value: All.KindsResultSized): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsResultSized.NumberValue -> Types.number.write(value.value)
                is All.KindsResultSized.StringValue -> All.KindsResultSizedString.Type.write(value.value)
                is All.KindsResultSized.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResultStringOrInt64.Type::class)
    public sealed interface KindsResultStringOrInt64 {
        public data class Int64Value(public val value: kotlin.Long) : All.KindsResultStringOrInt64

        public data class StringValue(public val value: kotlin.String) : All.KindsResultStringOrInt64

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsResultStringOrInt64

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsResultStringOrInt64>("KindsResultStringOrInt64") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsResultStringOrInt64 = when {
                Types.isInt64(json) -> All.KindsResultStringOrInt64.Int64Value(Types.int64.read(json))
                Types.isString(json) -> All.KindsResultStringOrInt64.StringValue(Types.string.read(json))
                else -> All.KindsResultStringOrInt64.Unknown(json)
            }

            override fun write(value: All.KindsResultStringOrInt64): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsResultStringOrInt64.Int64Value -> Types.int64.write(value.value)
                is All.KindsResultStringOrInt64.StringValue -> Types.string.write(value.value)
                is All.KindsResultStringOrInt64.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsResult.Type::class)
    public data class KindsResult(
        public val any: kotlinx.serialization.json.JsonElement,
        public val apart: All.KindsResultApart,
        public val doubled: All.KindsResultDoubled,
        public val ids: kotlin.String,
        public val nested: All.KindsResultNested?,
        public val notApart: kotlinx.serialization.json.JsonElement,
        public val numberOrObject: All.KindsResultNumberOrObject,
        public val open: kotlin.String,
        public val sized: All.KindsResultSized,
        public val stringOrInt64: All.KindsResultStringOrInt64,
        /** No value is valid here. */
        public val never: kotlinx.serialization.json.JsonElement? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.KindsResult>("KindsResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.KindsResult = All.KindsResult(
                from.required("any", Types.any),
                from.required("apart", All.KindsResultApart.Type),
                from.required("doubled", All.KindsResultDoubled.Type),
                from.required("ids", Types.string),
                from.required("nested", Types.nullable(All.KindsResultNested.Type)),
                from.required("notApart", Types.any),
                from.required("numberOrObject", All.KindsResultNumberOrObject.Type),
                from.required("open", Types.string),
                from.required("sized", All.KindsResultSized.Type),
                from.required("stringOrInt64", All.KindsResultStringOrInt64.Type),
                from.optional("never", Types.any),
            )

            override fun write(value: All.KindsResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("any", value.any, Types.any)
                to.required("apart", value.apart, All.KindsResultApart.Type)
                to.required("doubled", value.doubled, All.KindsResultDoubled.Type)
                to.required("ids", value.ids, Types.string)
                to.required("nested", value.nested, Types.nullable(All.KindsResultNested.Type))
                to.required("notApart", value.notApart, Types.any)
                to.required("numberOrObject", value.numberOrObject, All.KindsResultNumberOrObject.Type)
                to.required("open", value.open, Types.string)
                to.required("sized", value.sized, All.KindsResultSized.Type)
                to.required("stringOrInt64", value.stringOrInt64, All.KindsResultStringOrInt64.Type)
                to.optional("never", value.never, Types.any)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsApart.Type::class)
    public sealed interface KindsApart {
        public data class BooleanValue(public val value: kotlin.Boolean) : All.KindsApart

        public data class BytesValue(public val value: com.convexgateway.client.types.Bytes) : All.KindsApart

        public data class ListValue(public val value: kotlin.collections.List<kotlin.Double>) : All.KindsApart

        public data class RecordValue(public val value: kotlin.collections.Map<kotlin.String, kotlin.String>) : All.KindsApart

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsApart

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsApart>("KindsApart") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsApart = when {
                Types.isBoolean(json) -> All.KindsApart.BooleanValue(Types.boolean.read(json))
                Types.isBytes(json) -> All.KindsApart.BytesValue(Types.bytes.read(json))
                Types.isList(json) -> All.KindsApart.ListValue(Types.list(Types.number).read(json))
                Types.isObject(json) -> All.KindsApart.RecordValue(Types.record(Types.string, Types.string).read(json))
                else -> All.KindsApart.Unknown(json)
            }

            override fun write(value: All.KindsApart): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsApart.BooleanValue -> Types.boolean.write(value.value)
                is All.KindsApart.BytesValue -> Types.bytes.write(value.value)
                is All.KindsApart.ListValue -> Types.list(Types.number).write(value.value)
                is All.KindsApart.RecordValue -> Types.record(Types.string, Types.string).write(value.value)
                is All.KindsApart.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsDoubled.Type::class)
    public sealed interface KindsDoubled {
        public val value: kotlin.String

        public data object A : All.KindsDoubled {
            override val value: kotlin.String get() = "a"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : All.KindsDoubled

        public object Type : com.convexgateway.client.types.LiteralType<All.KindsDoubled, kotlin.String>(
            "KindsDoubled", Types.string, { All.KindsDoubled.Unknown(it) }, { it.value },
            All.KindsDoubled.A,
        )
    }

    @kotlinx.serialization.Serializable(with = All.KindsNested.Type::class)
    public sealed interface KindsNested {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsNested

        public data class StringValue(public val value: kotlin.String) : All.KindsNested

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsNested

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsNested>("KindsNested") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsNested = when {
                Types.isNumber(json) -> All.KindsNested.NumberValue(Types.number.read(json))
                Types.isString(json) -> All.KindsNested.StringValue(Types.string.read(json))
                else -> All.KindsNested.Unknown(json)
            }

            override fun write(value: All.KindsNested): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsNested.NumberValue -> Types.number.write(value.value)
                is All.KindsNested.StringValue -> Types.string.write(value.value)
                is All.KindsNested.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsNumberOrObjectObject.Type::class)
    public data class KindsNumberOrObjectObject(
        public val a: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.KindsNumberOrObjectObject>("KindsNumberOrObjectObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.KindsNumberOrObjectObject = All.KindsNumberOrObjectObject(
                from.required("a", Types.string),
            )

            override fun write(value: All.KindsNumberOrObjectObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsNumberOrObject.Type::class)
    public sealed interface KindsNumberOrObject {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsNumberOrObject

        public data class ObjectValue(public val value: All.KindsNumberOrObjectObject) : All.KindsNumberOrObject

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsNumberOrObject

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsNumberOrObject>("KindsNumberOrObject") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsNumberOrObject = when {
                Types.isNumber(json) -> All.KindsNumberOrObject.NumberValue(Types.number.read(json))
                Types.isObject(json) -> All.KindsNumberOrObject.ObjectValue(All.KindsNumberOrObjectObject.Type.read(json))
                else -> All.KindsNumberOrObject.Unknown(json)
            }

            override fun write(value: All.KindsNumberOrObject): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsNumberOrObject.NumberValue -> Types.number.write(value.value)
                is All.KindsNumberOrObject.ObjectValue -> All.KindsNumberOrObjectObject.Type.write(value.value)
                is All.KindsNumberOrObject.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsSizedString.Type::class)
    public sealed interface KindsSizedString {
        public val value: kotlin.String

        public data object Auto : All.KindsSizedString {
            override val value: kotlin.String get() = "auto"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : All.KindsSizedString

        public object Type : com.convexgateway.client.types.LiteralType<All.KindsSizedString, kotlin.String>(
            "KindsSizedString", Types.string, { All.KindsSizedString.Unknown(it) }, { it.value },
            All.KindsSizedString.Auto,
        )
    }

    @kotlinx.serialization.Serializable(with = All.KindsSized.Type::class)
    public sealed interface KindsSized {
        public data class NumberValue(public val value: kotlin.Double) : All.KindsSized

        public data class StringValue(public val value: All.KindsSizedString) : All.KindsSized

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsSized

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsSized>("KindsSized") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsSized = when {
                Types.isNumber(json) -> All.KindsSized.NumberValue(Types.number.read(json))
                Types.isString(json) -> All.KindsSized.StringValue(All.KindsSizedString.Type.read(json))
                else -> All.KindsSized.Unknown(json)
            }

            override fun write(value: All.KindsSized): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsSized.NumberValue -> Types.number.write(value.value)
                is All.KindsSized.StringValue -> All.KindsSizedString.Type.write(value.value)
                is All.KindsSized.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsStringOrInt64.Type::class)
    public sealed interface KindsStringOrInt64 {
        public data class Int64Value(public val value: kotlin.Long) : All.KindsStringOrInt64

        public data class StringValue(public val value: kotlin.String) : All.KindsStringOrInt64

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.KindsStringOrInt64

        public object Type : com.convexgateway.client.types.ConvexType<All.KindsStringOrInt64>("KindsStringOrInt64") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.KindsStringOrInt64 = when {
                Types.isInt64(json) -> All.KindsStringOrInt64.Int64Value(Types.int64.read(json))
                Types.isString(json) -> All.KindsStringOrInt64.StringValue(Types.string.read(json))
                else -> All.KindsStringOrInt64.Unknown(json)
            }

            override fun write(value: All.KindsStringOrInt64): kotlinx.serialization.json.JsonElement = when (value) {
                is All.KindsStringOrInt64.Int64Value -> Types.int64.write(value.value)
                is All.KindsStringOrInt64.StringValue -> Types.string.write(value.value)
                is All.KindsStringOrInt64.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.KindsArgs.Type::class)
    public data class KindsArgs(
        public val any: kotlinx.serialization.json.JsonElement,
        public val apart: All.KindsApart,
        public val doubled: All.KindsDoubled,
        public val ids: kotlin.String,
        public val nested: All.KindsNested?,
        public val notApart: kotlinx.serialization.json.JsonElement,
        public val numberOrObject: All.KindsNumberOrObject,
        public val open: kotlin.String,
        public val sized: All.KindsSized,
        public val stringOrInt64: All.KindsStringOrInt64,
        /** No value is valid here. */
        public val never: kotlinx.serialization.json.JsonElement? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.KindsArgs>("KindsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.KindsArgs = All.KindsArgs(
                from.required("any", Types.any),
                from.required("apart", All.KindsApart.Type),
                from.required("doubled", All.KindsDoubled.Type),
                from.required("ids", Types.string),
                from.required("nested", Types.nullable(All.KindsNested.Type)),
                from.required("notApart", Types.any),
                from.required("numberOrObject", All.KindsNumberOrObject.Type),
                from.required("open", Types.string),
                from.required("sized", All.KindsSized.Type),
                from.required("stringOrInt64", All.KindsStringOrInt64.Type),
                from.optional("never", Types.any),
            )

            override fun write(value: All.KindsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("any", value.any, Types.any)
                to.required("apart", value.apart, All.KindsApart.Type)
                to.required("doubled", value.doubled, All.KindsDoubled.Type)
                to.required("ids", value.ids, Types.string)
                to.required("nested", value.nested, Types.nullable(All.KindsNested.Type))
                to.required("notApart", value.notApart, Types.any)
                to.required("numberOrObject", value.numberOrObject, All.KindsNumberOrObject.Type)
                to.required("open", value.open, Types.string)
                to.required("sized", value.sized, All.KindsSized.Type)
                to.required("stringOrInt64", value.stringOrInt64, All.KindsStringOrInt64.Type)
                to.optional("never", value.never, Types.any)
            }
        }
    }

    /** The query `all:messages`, for fakes. */
    public val messages: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.collections.List<Documents.Messages?>>
        get() = Types.query("all:messages", Types.none, Types.list(Types.nullable(Documents.Messages.Type)))

    /** A call of the query `all:messages`. */
    public fun messages(): com.convexgateway.client.Query<kotlin.collections.List<Documents.Messages?>> =
        this.messages.invoke(Types.noArguments)

    /** The query `all:rows`, for fakes. */
    public val rows: com.convexgateway.client.QueryFunction<All.RowsArgs, com.convexgateway.client.Page<All.RowsItem>>
        get() = Types.query("all:rows", All.RowsArgs.Type, Types.page(All.RowsItem.Type))

    /** A call of the query `all:rows`. */
    public fun rows(channel: kotlin.String): com.convexgateway.client.types.PagedQuery<All.RowsItem> =
        this.rows.invoke(RowsArgs(channel))

    @kotlinx.serialization.Serializable(with = All.RowsItem.Type::class)
    public data class RowsItem(
        public val body: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.RowsItem>("RowsItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.RowsItem = All.RowsItem(
                from.required("body", Types.string),
            )

            override fun write(value: All.RowsItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("body", value.body, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.RowsArgs.Type::class)
    public data class RowsArgs(
        public val channel: kotlin.String,
        public val paginationOpts: com.convexgateway.client.types.PaginationOptions? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.RowsArgs>("RowsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.RowsArgs = All.RowsArgs(
                from.required("channel", Types.string),
                from.optional("paginationOpts", Types.paginationOptions),
            )

            override fun write(value: All.RowsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("channel", value.channel, Types.string)
                to.optional("paginationOpts", value.paginationOpts, Types.paginationOptions)
            }
        }
    }

    /** The mutation `all:shapes`, for fakes. */
    public val shapes: com.convexgateway.client.MutationFunction<All.ShapesArgs, All.ShapesResult>
        get() = Types.mutation("all:shapes", All.ShapesArgs.Type, All.ShapesResult.Type)

    /** A call of the mutation `all:shapes`. */
    public fun shapes(shape: All.ShapesShape, maybe: com.convexgateway.client.types.Field<All.ShapesMaybe?> = Types.absent): com.convexgateway.client.Mutation<All.ShapesResult> =
        this.shapes.invoke(ShapesArgs(shape, maybe))

    @kotlinx.serialization.Serializable(with = All.ShapesResultShape.Type::class)
    public sealed interface ShapesResultShape {
        @kotlinx.serialization.Serializable(with = All.ShapesResultShape.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : All.ShapesResultShape {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesResultShape.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesResultShape.Circle = All.ShapesResultShape.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: All.ShapesResultShape.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = All.ShapesResultShape.Square.Type::class)
        public data class Square(
            public val side: kotlin.Double,
        ) : All.ShapesResultShape {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesResultShape.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesResultShape.Square = All.ShapesResultShape.Square(
                    from.required("side", Types.number),
                )

                override fun write(value: All.ShapesResultShape.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("side", value.side, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.ShapesResultShape

        public object Type : com.convexgateway.client.types.ConvexType<All.ShapesResultShape>("ShapesResultShape") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.ShapesResultShape = when {
                Types.has(json, "kind", "circle") -> All.ShapesResultShape.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> All.ShapesResultShape.Square.Type.read(json)
                else -> All.ShapesResultShape.Unknown(json)
            }

            override fun write(value: All.ShapesResultShape): kotlinx.serialization.json.JsonElement = when (value) {
                is All.ShapesResultShape.Circle -> All.ShapesResultShape.Circle.Type.write(value)
                is All.ShapesResultShape.Square -> All.ShapesResultShape.Square.Type.write(value)
                is All.ShapesResultShape.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.ShapesResultMaybe.Type::class)
    public sealed interface ShapesResultMaybe {
        @kotlinx.serialization.Serializable(with = All.ShapesResultMaybe.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : All.ShapesResultMaybe {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesResultMaybe.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesResultMaybe.Circle = All.ShapesResultMaybe.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: All.ShapesResultMaybe.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = All.ShapesResultMaybe.Square.Type::class)
        public data class Square(
            public val side: kotlin.Double,
        ) : All.ShapesResultMaybe {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesResultMaybe.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesResultMaybe.Square = All.ShapesResultMaybe.Square(
                    from.required("side", Types.number),
                )

                override fun write(value: All.ShapesResultMaybe.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("side", value.side, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.ShapesResultMaybe

        public object Type : com.convexgateway.client.types.ConvexType<All.ShapesResultMaybe>("ShapesResultMaybe") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.ShapesResultMaybe = when {
                Types.has(json, "kind", "circle") -> All.ShapesResultMaybe.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> All.ShapesResultMaybe.Square.Type.read(json)
                else -> All.ShapesResultMaybe.Unknown(json)
            }

            override fun write(value: All.ShapesResultMaybe): kotlinx.serialization.json.JsonElement = when (value) {
                is All.ShapesResultMaybe.Circle -> All.ShapesResultMaybe.Circle.Type.write(value)
                is All.ShapesResultMaybe.Square -> All.ShapesResultMaybe.Square.Type.write(value)
                is All.ShapesResultMaybe.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.ShapesResult.Type::class)
    public data class ShapesResult(
        public val shape: All.ShapesResultShape,
        public val maybe: com.convexgateway.client.types.Field<All.ShapesResultMaybe?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.ShapesResult>("ShapesResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesResult = All.ShapesResult(
                from.required("shape", All.ShapesResultShape.Type),
                from.field("maybe", Types.nullable(All.ShapesResultMaybe.Type)),
            )

            override fun write(value: All.ShapesResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("shape", value.shape, All.ShapesResultShape.Type)
                to.field("maybe", value.maybe, Types.nullable(All.ShapesResultMaybe.Type))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.ShapesShape.Type::class)
    public sealed interface ShapesShape {
        @kotlinx.serialization.Serializable(with = All.ShapesShape.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : All.ShapesShape {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesShape.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesShape.Circle = All.ShapesShape.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: All.ShapesShape.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = All.ShapesShape.Square.Type::class)
        public data class Square(
            public val side: kotlin.Double,
        ) : All.ShapesShape {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesShape.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesShape.Square = All.ShapesShape.Square(
                    from.required("side", Types.number),
                )

                override fun write(value: All.ShapesShape.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("side", value.side, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.ShapesShape

        public object Type : com.convexgateway.client.types.ConvexType<All.ShapesShape>("ShapesShape") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.ShapesShape = when {
                Types.has(json, "kind", "circle") -> All.ShapesShape.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> All.ShapesShape.Square.Type.read(json)
                else -> All.ShapesShape.Unknown(json)
            }

            override fun write(value: All.ShapesShape): kotlinx.serialization.json.JsonElement = when (value) {
                is All.ShapesShape.Circle -> All.ShapesShape.Circle.Type.write(value)
                is All.ShapesShape.Square -> All.ShapesShape.Square.Type.write(value)
                is All.ShapesShape.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.ShapesMaybe.Type::class)
    public sealed interface ShapesMaybe {
        @kotlinx.serialization.Serializable(with = All.ShapesMaybe.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : All.ShapesMaybe {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesMaybe.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesMaybe.Circle = All.ShapesMaybe.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: All.ShapesMaybe.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = All.ShapesMaybe.Square.Type::class)
        public data class Square(
            public val side: kotlin.Double,
        ) : All.ShapesMaybe {
            public object Type : com.convexgateway.client.types.ObjectType<All.ShapesMaybe.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesMaybe.Square = All.ShapesMaybe.Square(
                    from.required("side", Types.number),
                )

                override fun write(value: All.ShapesMaybe.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("side", value.side, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : All.ShapesMaybe

        public object Type : com.convexgateway.client.types.ConvexType<All.ShapesMaybe>("ShapesMaybe") {
            override fun read(json: kotlinx.serialization.json.JsonElement): All.ShapesMaybe = when {
                Types.has(json, "kind", "circle") -> All.ShapesMaybe.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> All.ShapesMaybe.Square.Type.read(json)
                else -> All.ShapesMaybe.Unknown(json)
            }

            override fun write(value: All.ShapesMaybe): kotlinx.serialization.json.JsonElement = when (value) {
                is All.ShapesMaybe.Circle -> All.ShapesMaybe.Circle.Type.write(value)
                is All.ShapesMaybe.Square -> All.ShapesMaybe.Square.Type.write(value)
                is All.ShapesMaybe.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = All.ShapesArgs.Type::class)
    public data class ShapesArgs(
        public val shape: All.ShapesShape,
        public val maybe: com.convexgateway.client.types.Field<All.ShapesMaybe?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.ShapesArgs>("ShapesArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.ShapesArgs = All.ShapesArgs(
                from.required("shape", All.ShapesShape.Type),
                from.field("maybe", Types.nullable(All.ShapesMaybe.Type)),
            )

            override fun write(value: All.ShapesArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("shape", value.shape, All.ShapesShape.Type)
                to.field("maybe", value.maybe, Types.nullable(All.ShapesMaybe.Type))
            }
        }
    }

    /** The query `all:undeclared`, for fakes. */
    public val undeclared: com.convexgateway.client.QueryFunction<All.UndeclaredArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("all:undeclared", All.UndeclaredArgs.Type, Types.any)

    /** A call of the query `all:undeclared`. */
    public fun undeclared(a: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.undeclared.invoke(UndeclaredArgs(a))

    @kotlinx.serialization.Serializable(with = All.UndeclaredArgs.Type::class)
    public data class UndeclaredArgs(
        public val a: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<All.UndeclaredArgs>("UndeclaredArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): All.UndeclaredArgs = All.UndeclaredArgs(
                from.required("a", Types.string),
            )

            override fun write(value: All.UndeclaredArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, Types.string)
            }
        }
    }

    /** The mutation `all:untyped`, for fakes. */
    public val untyped: com.convexgateway.client.MutationFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("all:untyped", Types.arguments, Types.any)

    /** A call of the mutation `all:untyped`. */
    public fun untyped(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.untyped.invoke(Types.encoded(args))
}
