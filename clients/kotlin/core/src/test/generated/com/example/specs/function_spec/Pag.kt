// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `pag`. */
public object Pag {
    /** The query `pag:filtered`, for fakes. */
    public val filtered: com.convexgateway.client.QueryFunction<Pag.FilteredArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("pag:filtered", Pag.FilteredArgs.Type, Types.any)

    /** A call of the query `pag:filtered`. */
    public fun filtered(k: kotlin.String, paginationOpts: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.filtered.invoke(FilteredArgs(k, paginationOpts))

    @kotlinx.serialization.Serializable(with = Pag.FilteredArgs.Type::class)
    public data class FilteredArgs(
        public val k: kotlin.String,
        public val paginationOpts: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Pag.FilteredArgs>("FilteredArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Pag.FilteredArgs = Pag.FilteredArgs(
                from.required("k", Types.string),
                from.required("paginationOpts", Types.any),
            )

            override fun write(value: Pag.FilteredArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.required("paginationOpts", value.paginationOpts, Types.any)
            }
        }
    }

    /** The query `pag:page`, for fakes. */
    public val page: com.convexgateway.client.QueryFunction<Pag.PageArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("pag:page", Pag.PageArgs.Type, Types.any)

    /** A call of the query `pag:page`. */
    public fun page(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.page.invoke(PageArgs(k))

    @kotlinx.serialization.Serializable(with = Pag.PageArgs.Type::class)
    public data class PageArgs(
        public val k: kotlin.String,
        public val paginationOpts: com.convexgateway.client.types.PaginationOptions? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Pag.PageArgs>("PageArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Pag.PageArgs = Pag.PageArgs(
                from.required("k", Types.string),
                from.optional("paginationOpts", Types.paginationOptions),
            )

            override fun write(value: Pag.PageArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.optional("paginationOpts", value.paginationOpts, Types.paginationOptions)
            }
        }
    }

    /** The query `pag:pageTs`, for fakes. */
    public val pageTs: com.convexgateway.client.QueryFunction<Pag.PageTsArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("pag:pageTs", Pag.PageTsArgs.Type, Types.any)

    /** A call of the query `pag:pageTs`. */
    public fun pageTs(k: kotlin.String, paginationOpts: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.pageTs.invoke(PageTsArgs(k, paginationOpts))

    @kotlinx.serialization.Serializable(with = Pag.PageTsArgs.Type::class)
    public data class PageTsArgs(
        public val k: kotlin.String,
        public val paginationOpts: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Pag.PageTsArgs>("PageTsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Pag.PageTsArgs = Pag.PageTsArgs(
                from.required("k", Types.string),
                from.required("paginationOpts", Types.any),
            )

            override fun write(value: Pag.PageTsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.required("paginationOpts", value.paginationOpts, Types.any)
            }
        }
    }

    /** The query `pag:plain`, for fakes. */
    public val plain: com.convexgateway.client.QueryFunction<Pag.PlainArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("pag:plain", Pag.PlainArgs.Type, Types.any)

    /** A call of the query `pag:plain`. */
    public fun plain(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.plain.invoke(PlainArgs(k))

    @kotlinx.serialization.Serializable(with = Pag.PlainArgs.Type::class)
    public data class PlainArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Pag.PlainArgs>("PlainArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Pag.PlainArgs = Pag.PlainArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Pag.PlainArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `pag:two`, for fakes. */
    public val two: com.convexgateway.client.QueryFunction<Pag.TwoArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("pag:two", Pag.TwoArgs.Type, Types.any)

    /** A call of the query `pag:two`. */
    public fun two(k: kotlin.String, paginationOpts: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.two.invoke(TwoArgs(k, paginationOpts))

    @kotlinx.serialization.Serializable(with = Pag.TwoArgs.Type::class)
    public data class TwoArgs(
        public val k: kotlin.String,
        public val paginationOpts: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Pag.TwoArgs>("TwoArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Pag.TwoArgs = Pag.TwoArgs(
                from.required("k", Types.string),
                from.required("paginationOpts", Types.any),
            )

            override fun write(value: Pag.TwoArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.required("paginationOpts", value.paginationOpts, Types.any)
            }
        }
    }
}
