// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.presence

import com.convexgateway.client.types.Types

/** The functions of `three`. */
public object Three {
    /** The mutation `three:states`, for fakes. */
    public val states: com.convexgateway.client.MutationFunction<Three.StatesArgs, Three.StatesResult>
        get() = Types.mutation("three:states", Three.StatesArgs.Type, Three.StatesResult.Type)

    /** A call of the mutation `three:states`. */
    public fun states(inner: Three.StatesInner, list: kotlin.collections.List<kotlin.String?>, map: kotlin.collections.Map<kotlin.String, kotlin.String?>, nested: kotlin.collections.List<Three.StatesNestedItem>, note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent, word: kotlin.String? = null): com.convexgateway.client.Mutation<Three.StatesResult> =
        this.states.invoke(StatesArgs(inner, list, map, nested, note, word))

    @kotlinx.serialization.Serializable(with = Three.StatesResultInner.Type::class)
    public data class StatesResultInner(
        public val cursor: kotlin.String?,
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesResultInner>("StatesResultInner") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesResultInner = Three.StatesResultInner(
                from.required("cursor", Types.nullable(Types.string)),
                from.field("note", Types.nullable(Types.string)),
            )

            override fun write(value: Three.StatesResultInner, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("cursor", value.cursor, Types.nullable(Types.string))
                to.field("note", value.note, Types.nullable(Types.string))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Three.StatesResultNestedItem.Type::class)
    public data class StatesResultNestedItem(
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesResultNestedItem>("StatesResultNestedItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesResultNestedItem = Three.StatesResultNestedItem(
                from.field("note", Types.nullable(Types.string)),
            )

            override fun write(value: Three.StatesResultNestedItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.field("note", value.note, Types.nullable(Types.string))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Three.StatesResult.Type::class)
    public data class StatesResult(
        public val inner: Three.StatesResultInner,
        public val list: kotlin.collections.List<kotlin.String?>,
        public val map: kotlin.collections.Map<kotlin.String, kotlin.String?>,
        public val nested: kotlin.collections.List<Three.StatesResultNestedItem>,
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
        public val word: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesResult>("StatesResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesResult = Three.StatesResult(
                from.required("inner", Three.StatesResultInner.Type),
                from.required("list", Types.list(Types.nullable(Types.string))),
                from.required("map", Types.record(Types.string, Types.nullable(Types.string))),
                from.required("nested", Types.list(Three.StatesResultNestedItem.Type)),
                from.field("note", Types.nullable(Types.string)),
                from.optional("word", Types.string),
            )

            override fun write(value: Three.StatesResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("inner", value.inner, Three.StatesResultInner.Type)
                to.required("list", value.list, Types.list(Types.nullable(Types.string)))
                to.required("map", value.map, Types.record(Types.string, Types.nullable(Types.string)))
                to.required("nested", value.nested, Types.list(Three.StatesResultNestedItem.Type))
                to.field("note", value.note, Types.nullable(Types.string))
                to.optional("word", value.word, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Three.StatesInner.Type::class)
    public data class StatesInner(
        public val cursor: kotlin.String?,
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesInner>("StatesInner") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesInner = Three.StatesInner(
                from.required("cursor", Types.nullable(Types.string)),
                from.field("note", Types.nullable(Types.string)),
            )

            override fun write(value: Three.StatesInner, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("cursor", value.cursor, Types.nullable(Types.string))
                to.field("note", value.note, Types.nullable(Types.string))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Three.StatesNestedItem.Type::class)
    public data class StatesNestedItem(
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesNestedItem>("StatesNestedItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesNestedItem = Three.StatesNestedItem(
                from.field("note", Types.nullable(Types.string)),
            )

            override fun write(value: Three.StatesNestedItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.field("note", value.note, Types.nullable(Types.string))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Three.StatesArgs.Type::class)
    public data class StatesArgs(
        public val inner: Three.StatesInner,
        public val list: kotlin.collections.List<kotlin.String?>,
        public val map: kotlin.collections.Map<kotlin.String, kotlin.String?>,
        public val nested: kotlin.collections.List<Three.StatesNestedItem>,
        public val note: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
        public val word: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Three.StatesArgs>("StatesArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Three.StatesArgs = Three.StatesArgs(
                from.required("inner", Three.StatesInner.Type),
                from.required("list", Types.list(Types.nullable(Types.string))),
                from.required("map", Types.record(Types.string, Types.nullable(Types.string))),
                from.required("nested", Types.list(Three.StatesNestedItem.Type)),
                from.field("note", Types.nullable(Types.string)),
                from.optional("word", Types.string),
            )

            override fun write(value: Three.StatesArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("inner", value.inner, Three.StatesInner.Type)
                to.required("list", value.list, Types.list(Types.nullable(Types.string)))
                to.required("map", value.map, Types.record(Types.string, Types.nullable(Types.string)))
                to.required("nested", value.nested, Types.list(Three.StatesNestedItem.Type))
                to.field("note", value.note, Types.nullable(Types.string))
                to.optional("word", value.word, Types.string)
            }
        }
    }
}
