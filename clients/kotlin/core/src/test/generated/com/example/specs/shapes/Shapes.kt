// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `shapes`. */
public object Shapes {
    /** The query `shapes:byJSON`, for fakes. */
    public val byJSON: com.convexgateway.client.QueryFunction<Shapes.ByJSONArgs, Shapes.ByJSONResult>
        get() = Types.query("shapes:byJSON", Shapes.ByJSONArgs.Type, Shapes.ByJSONResult.Type)

    /** A call of the query `shapes:byJSON`. */
    public fun byJSON(value: Shapes.ByJSONValue): com.convexgateway.client.Query<Shapes.ByJSONResult> =
        this.byJSON.invoke(ByJSONArgs(value))

    @kotlinx.serialization.Serializable(with = Shapes.ByJSONResultObject.Type::class)
    public data class ByJSONResultObject(
        public val x: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Shapes.ByJSONResultObject>("ByJSONResultObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ByJSONResultObject = Shapes.ByJSONResultObject(
                from.optional("x", Types.number),
            )

            override fun write(value: Shapes.ByJSONResultObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("x", value.x, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Shapes.ByJSONResult.Type::class)
    public sealed interface ByJSONResult {
        public data class StringValue(public val value: kotlin.String) : Shapes.ByJSONResult

        public data class ListValue(public val value: kotlin.collections.List<kotlin.Double>) : Shapes.ByJSONResult

        public data class ObjectValue(public val value: Shapes.ByJSONResultObject) : Shapes.ByJSONResult

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.ByJSONResult

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.ByJSONResult>("ByJSONResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.ByJSONResult = when {
                Types.isString(json) -> Shapes.ByJSONResult.StringValue(Types.string.read(json))
                Types.isList(json) -> Shapes.ByJSONResult.ListValue(Types.list(Types.number).read(json))
                Types.isObject(json) -> Shapes.ByJSONResult.ObjectValue(Shapes.ByJSONResultObject.Type.read(json))
                else -> Shapes.ByJSONResult.Unknown(json)
            }

            override fun write(value: Shapes.ByJSONResult): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.ByJSONResult.StringValue -> Types.string.write(value.value)
                is Shapes.ByJSONResult.ListValue -> Types.list(Types.number).write(value.value)
                is Shapes.ByJSONResult.ObjectValue -> Shapes.ByJSONResultObject.Type.write(value.value)
                is Shapes.ByJSONResult.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Shapes.ByJSONValueObject.Type::class)
    public data class ByJSONValueObject(
        public val x: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Shapes.ByJSONValueObject>("ByJSONValueObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ByJSONValueObject = Shapes.ByJSONValueObject(
                from.required("x", Types.number),
            )

            override fun write(value: Shapes.ByJSONValueObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Shapes.ByJSONValue.Type::class)
    public sealed interface ByJSONValue {
        public data class BooleanValue(public val value: kotlin.Boolean) : Shapes.ByJSONValue

        public data class NumberValue(public val value: kotlin.Double) : Shapes.ByJSONValue

        public data class Int64Value(public val value: kotlin.Long) : Shapes.ByJSONValue

        public data class StringValue(public val value: kotlin.String) : Shapes.ByJSONValue

        public data class BytesValue(public val value: com.convexgateway.client.types.Bytes) : Shapes.ByJSONValue

        public data class ListValue(public val value: kotlin.collections.List<kotlin.String>) : Shapes.ByJSONValue

        public data class ObjectValue(public val value: Shapes.ByJSONValueObject) : Shapes.ByJSONValue

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.ByJSONValue

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.ByJSONValue>("ByJSONValue") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.ByJSONValue = when {
                Types.isBoolean(json) -> Shapes.ByJSONValue.BooleanValue(Types.boolean.read(json))
                Types.isNumber(json) -> Shapes.ByJSONValue.NumberValue(Types.number.read(json))
                Types.isInt64(json) -> Shapes.ByJSONValue.Int64Value(Types.int64.read(json))
                Types.isString(json) -> Shapes.ByJSONValue.StringValue(Types.string.read(json))
                Types.isBytes(json) -> Shapes.ByJSONValue.BytesValue(Types.bytes.read(json))
                Types.isList(json) -> Shapes.ByJSONValue.ListValue(Types.list(Types.string).read(json))
                Types.isObject(json) -> Shapes.ByJSONValue.ObjectValue(Shapes.ByJSONValueObject.Type.read(json))
                else -> Shapes.ByJSONValue.Unknown(json)
            }

            override fun write(value: Shapes.ByJSONValue): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.ByJSONValue.BooleanValue -> Types.boolean.write(value.value)
                is Shapes.ByJSONValue.NumberValue -> Types.number.write(value.value)
                is Shapes.ByJSONValue.Int64Value -> Types.int64.write(value.value)
                is Shapes.ByJSONValue.StringValue -> Types.string.write(value.value)
                is Shapes.ByJSONValue.BytesValue -> Types.bytes.write(value.value)
                is Shapes.ByJSONValue.ListValue -> Types.list(Types.string).write(value.value)
                is Shapes.ByJSONValue.ObjectValue -> Shapes.ByJSONValueObject.Type.write(value.value)
                is Shapes.ByJSONValue.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Shapes.ByJSONArgs.Type::class)
    public data class ByJSONArgs(
        public val value: Shapes.ByJSONValue,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Shapes.ByJSONArgs>("ByJSONArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ByJSONArgs = Shapes.ByJSONArgs(
                from.required("value", Shapes.ByJSONValue.Type),
            )

            override fun write(value: Shapes.ByJSONArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("value", value.value, Shapes.ByJSONValue.Type)
            }
        }
    }

    /** The query `shapes:get`, for fakes. */
    public val get: com.convexgateway.client.QueryFunction<Shapes.GetArgs, Shapes.GetResult?>
        get() = Types.query("shapes:get", Shapes.GetArgs.Type, Types.nullable(Shapes.GetResult.Type))

    /** A call of the query `shapes:get`. */
    public fun get(id: ShapesId): com.convexgateway.client.Query<Shapes.GetResult?> =
        this.get.invoke(GetArgs(id))

    @kotlinx.serialization.Serializable(with = Shapes.GetResult.Type::class)
    public sealed interface GetResult {
        @kotlinx.serialization.Serializable(with = Shapes.GetResult.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : Shapes.GetResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.GetResult.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.GetResult.Circle = Shapes.GetResult.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: Shapes.GetResult.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Shapes.GetResult.Square.Type::class)
        public data class Square(
            public val a: kotlin.Double,
            public val label: kotlin.String? = null,
        ) : Shapes.GetResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.GetResult.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.GetResult.Square = Shapes.GetResult.Square(
                    from.required("a", Types.number),
                    from.optional("label", Types.string),
                )

                override fun write(value: Shapes.GetResult.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("a", value.a, Types.number)
                    to.optional("label", value.label, Types.string)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.GetResult

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.GetResult>("GetResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.GetResult = when {
                Types.has(json, "kind", "circle") -> Shapes.GetResult.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> Shapes.GetResult.Square.Type.read(json)
                else -> Shapes.GetResult.Unknown(json)
            }

            override fun write(value: Shapes.GetResult): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.GetResult.Circle -> Shapes.GetResult.Circle.Type.write(value)
                is Shapes.GetResult.Square -> Shapes.GetResult.Square.Type.write(value)
                is Shapes.GetResult.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Shapes.GetArgs.Type::class)
    public data class GetArgs(
        public val id: ShapesId,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Shapes.GetArgs>("GetArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.GetArgs = Shapes.GetArgs(
                from.required("id", ShapesId.Type),
            )

            override fun write(value: Shapes.GetArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("id", value.id, ShapesId.Type)
            }
        }
    }

    /** The query `shapes:idOrString`, for fakes. */
    public val idOrString: com.convexgateway.client.QueryFunction<Shapes.IdOrStringArgs, kotlin.String>
        get() = Types.query("shapes:idOrString", Shapes.IdOrStringArgs.Type, Types.string)

    /** A call of the query `shapes:idOrString`. */
    public fun idOrString(ref: kotlin.String): com.convexgateway.client.Query<kotlin.String> =
        this.idOrString.invoke(IdOrStringArgs(ref))

    @kotlinx.serialization.Serializable(with = Shapes.IdOrStringArgs.Type::class)
    public data class IdOrStringArgs(
        public val ref: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Shapes.IdOrStringArgs>("IdOrStringArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.IdOrStringArgs = Shapes.IdOrStringArgs(
                from.required("ref", Types.string),
            )

            override fun write(value: Shapes.IdOrStringArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("ref", value.ref, Types.string)
            }
        }
    }

    /** The query `shapes:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.collections.List<Shapes.ListItem>>
        get() = Types.query("shapes:list", Types.none, Types.list(Shapes.ListItem.Type))

    /** A call of the query `shapes:list`. */
    public fun list(): com.convexgateway.client.Query<kotlin.collections.List<Shapes.ListItem>> =
        this.list.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Shapes.ListItem.Type::class)
    public sealed interface ListItem {
        @kotlinx.serialization.Serializable(with = Shapes.ListItem.Circle.Type::class)
        public data class Circle(
            public val r: kotlin.Double,
        ) : Shapes.ListItem {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.ListItem.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ListItem.Circle = Shapes.ListItem.Circle(
                    from.required("r", Types.number),
                )

                override fun write(value: Shapes.ListItem.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Shapes.ListItem.Square.Type::class)
        public data class Square(
            public val a: kotlin.Double,
            public val label: kotlin.String? = null,
        ) : Shapes.ListItem {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.ListItem.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ListItem.Square = Shapes.ListItem.Square(
                    from.required("a", Types.number),
                    from.optional("label", Types.string),
                )

                override fun write(value: Shapes.ListItem.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("a", value.a, Types.number)
                    to.optional("label", value.label, Types.string)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.ListItem

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.ListItem>("ListItem") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.ListItem = when {
                Types.has(json, "kind", "circle") -> Shapes.ListItem.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> Shapes.ListItem.Square.Type.read(json)
                else -> Shapes.ListItem.Unknown(json)
            }

            override fun write(value: Shapes.ListItem): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.ListItem.Circle -> Shapes.ListItem.Circle.Type.write(value)
                is Shapes.ListItem.Square -> Shapes.ListItem.Square.Type.write(value)
                is Shapes.ListItem.Unknown -> value.json
            }
        }
    }

    /** The query `shapes:noTag`, for fakes. */
    public val noTag: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("shapes:noTag", Types.none, Types.any)

    /** A call of the query `shapes:noTag`. */
    public fun noTag(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.noTag.invoke(Types.noArguments)

    /** The query `shapes:parsed`, for fakes. */
    public val parsed: com.convexgateway.client.QueryFunction<kotlin.Unit, Shapes.ParsedResult>
        get() = Types.query("shapes:parsed", Types.none, Shapes.ParsedResult.Type)

    /** A call of the query `shapes:parsed`. */
    public fun parsed(): com.convexgateway.client.Query<Shapes.ParsedResult> =
        this.parsed.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Shapes.ParsedResult.Type::class)
    public sealed interface ParsedResult {
        @kotlinx.serialization.Serializable(with = Shapes.ParsedResult.False.Type::class)
        public data class False(
            public val reason: kotlin.String,
        ) : Shapes.ParsedResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.ParsedResult.False>("False") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ParsedResult.False = Shapes.ParsedResult.False(
                    from.required("reason", Types.string),
                )

                override fun write(value: Shapes.ParsedResult.False, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("ok", false)
                    to.required("reason", value.reason, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Shapes.ParsedResult.True.Type::class)
        public data class True(
            public val value: kotlin.Double,
        ) : Shapes.ParsedResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.ParsedResult.True>("True") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.ParsedResult.True = Shapes.ParsedResult.True(
                    from.required("value", Types.number),
                )

                override fun write(value: Shapes.ParsedResult.True, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("ok", true)
                    to.required("value", value.value, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.ParsedResult

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.ParsedResult>("ParsedResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.ParsedResult = when {
                Types.has(json, "ok", false) -> Shapes.ParsedResult.False.Type.read(json)
                Types.has(json, "ok", true) -> Shapes.ParsedResult.True.Type.read(json)
                else -> Shapes.ParsedResult.Unknown(json)
            }

            override fun write(value: Shapes.ParsedResult): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.ParsedResult.False -> Shapes.ParsedResult.False.Type.write(value)
                is Shapes.ParsedResult.True -> Shapes.ParsedResult.True.Type.write(value)
                is Shapes.ParsedResult.Unknown -> value.json
            }
        }
    }

    /** The query `shapes:recordMember`, for fakes. */
    public val recordMember: com.convexgateway.client.QueryFunction<kotlin.Unit, Shapes.RecordMemberResult?>
        get() = Types.query("shapes:recordMember", Types.none, Types.nullable(Shapes.RecordMemberResult.Type))

    /** A call of the query `shapes:recordMember`. */
    public fun recordMember(): com.convexgateway.client.Query<Shapes.RecordMemberResult?> =
        this.recordMember.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Shapes.RecordMemberResult.Type::class)
    public sealed interface RecordMemberResult {
        public data class StringValue(public val value: kotlin.String) : Shapes.RecordMemberResult

        public data class RecordValue(public val value: kotlin.collections.Map<kotlin.String, kotlin.Double>) : Shapes.RecordMemberResult

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.RecordMemberResult

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.RecordMemberResult>("RecordMemberResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.RecordMemberResult = when {
                Types.isString(json) -> Shapes.RecordMemberResult.StringValue(Types.string.read(json))
                Types.isObject(json) -> Shapes.RecordMemberResult.RecordValue(Types.record(Types.string, Types.number).read(json))
                else -> Shapes.RecordMemberResult.Unknown(json)
            }

            override fun write(value: Shapes.RecordMemberResult): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.RecordMemberResult.StringValue -> Types.string.write(value.value)
                is Shapes.RecordMemberResult.RecordValue -> Types.record(Types.string, Types.number).write(value.value)
                is Shapes.RecordMemberResult.Unknown -> value.json
            }
        }
    }

    /** The query `shapes:sameJSON`, for fakes. */
    public val sameJSON: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("shapes:sameJSON", Types.none, Types.any)

    /** A call of the query `shapes:sameJSON`. */
    public fun sameJSON(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.sameJSON.invoke(Types.noArguments)

    /** The query `shapes:twoTags`, for fakes. */
    public val twoTags: com.convexgateway.client.QueryFunction<kotlin.Unit, Shapes.TwoTagsResult>
        get() = Types.query("shapes:twoTags", Types.none, Shapes.TwoTagsResult.Type)

    /** A call of the query `shapes:twoTags`. */
    public fun twoTags(): com.convexgateway.client.Query<Shapes.TwoTagsResult> =
        this.twoTags.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Shapes.TwoTagsResultXB.Type::class)
    public sealed interface TwoTagsResultXB {
        public val value: kotlin.Double

        public data object Number1 : Shapes.TwoTagsResultXB {
            override val value: kotlin.Double get() = 1.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Shapes.TwoTagsResultXB

        public object Type : com.convexgateway.client.types.LiteralType<Shapes.TwoTagsResultXB, kotlin.Double>(
            "TwoTagsResultXB", Types.number, { Shapes.TwoTagsResultXB.Unknown(it) }, { it.value },
            Shapes.TwoTagsResultXB.Number1,
        )
    }

    @kotlinx.serialization.Serializable(with = Shapes.TwoTagsResultYB.Type::class)
    public sealed interface TwoTagsResultYB {
        public val value: kotlin.Double

        public data object Number2 : Shapes.TwoTagsResultYB {
            override val value: kotlin.Double get() = 2.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Shapes.TwoTagsResultYB

        public object Type : com.convexgateway.client.types.LiteralType<Shapes.TwoTagsResultYB, kotlin.Double>(
            "TwoTagsResultYB", Types.number, { Shapes.TwoTagsResultYB.Unknown(it) }, { it.value },
            Shapes.TwoTagsResultYB.Number2,
        )
    }

    @kotlinx.serialization.Serializable(with = Shapes.TwoTagsResult.Type::class)
    public sealed interface TwoTagsResult {
        @kotlinx.serialization.Serializable(with = Shapes.TwoTagsResult.X.Type::class)
        public data class X(
            public val b: Shapes.TwoTagsResultXB,
            public val n: kotlin.Double,
        ) : Shapes.TwoTagsResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.TwoTagsResult.X>("X") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.TwoTagsResult.X = Shapes.TwoTagsResult.X(
                    from.required("b", Shapes.TwoTagsResultXB.Type),
                    from.required("n", Types.number),
                )

                override fun write(value: Shapes.TwoTagsResult.X, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("a", "x")
                    to.required("b", value.b, Shapes.TwoTagsResultXB.Type)
                    to.required("n", value.n, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Shapes.TwoTagsResult.Y.Type::class)
        public data class Y(
            public val b: Shapes.TwoTagsResultYB,
            public val s: kotlin.String,
        ) : Shapes.TwoTagsResult {
            public object Type : com.convexgateway.client.types.ObjectType<Shapes.TwoTagsResult.Y>("Y") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Shapes.TwoTagsResult.Y = Shapes.TwoTagsResult.Y(
                    from.required("b", Shapes.TwoTagsResultYB.Type),
                    from.required("s", Types.string),
                )

                override fun write(value: Shapes.TwoTagsResult.Y, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("a", "y")
                    to.required("b", value.b, Shapes.TwoTagsResultYB.Type)
                    to.required("s", value.s, Types.string)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Shapes.TwoTagsResult

        public object Type : com.convexgateway.client.types.ConvexType<Shapes.TwoTagsResult>("TwoTagsResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Shapes.TwoTagsResult = when {
                Types.has(json, "a", "x") -> Shapes.TwoTagsResult.X.Type.read(json)
                Types.has(json, "a", "y") -> Shapes.TwoTagsResult.Y.Type.read(json)
                else -> Shapes.TwoTagsResult.Unknown(json)
            }

            override fun write(value: Shapes.TwoTagsResult): kotlinx.serialization.json.JsonElement = when (value) {
                is Shapes.TwoTagsResult.X -> Shapes.TwoTagsResult.X.Type.write(value)
                is Shapes.TwoTagsResult.Y -> Shapes.TwoTagsResult.Y.Type.write(value)
                is Shapes.TwoTagsResult.Unknown -> value.json
            }
        }
    }
}
