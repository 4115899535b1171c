// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.broken

import com.convexgateway.client.types.Types

/** The functions of `new`. */
public object New {
    /** The query `new:kind`, for fakes. */
    public val kind: com.convexgateway.client.QueryFunction<New.KindArgs, kotlin.collections.Map<kotlin.String, kotlinx.serialization.json.JsonElement>>
        get() = Types.query("new:kind", New.KindArgs.Type, Types.record(Types.string, Types.any))

    /** A call of the query `new:kind`. */
    public fun kind(filter: New.KindFilter): com.convexgateway.client.Query<kotlin.collections.Map<kotlin.String, kotlinx.serialization.json.JsonElement>> =
        this.kind.invoke(KindArgs(filter))

    @kotlinx.serialization.Serializable(with = New.KindFilter.Type::class)
    public data class KindFilter(
        public val tags: kotlin.collections.List<kotlinx.serialization.json.JsonElement>,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<New.KindFilter>("KindFilter") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): New.KindFilter = New.KindFilter(
                from.required("tags", Types.list(Types.any)),
            )

            override fun write(value: New.KindFilter, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("tags", value.tags, Types.list(Types.any))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = New.KindArgs.Type::class)
    public data class KindArgs(
        public val filter: New.KindFilter,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<New.KindArgs>("KindArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): New.KindArgs = New.KindArgs(
                from.required("filter", New.KindFilter.Type),
            )

            override fun write(value: New.KindArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("filter", value.filter, New.KindFilter.Type)
            }
        }
    }
}
