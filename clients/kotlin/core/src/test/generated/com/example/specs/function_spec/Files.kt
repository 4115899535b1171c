// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `files`. */
public object Files {
    /** The mutation `files:del`, for fakes. */
    public val del: com.convexgateway.client.MutationFunction<Files.DelArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("files:del", Files.DelArgs.Type, Types.any)

    /** A call of the mutation `files:del`. */
    public fun del(id: StorageId): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.del.invoke(DelArgs(id))

    @kotlinx.serialization.Serializable(with = Files.DelArgs.Type::class)
    public data class DelArgs(
        public val id: StorageId,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Files.DelArgs>("DelArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Files.DelArgs = Files.DelArgs(
                from.required("id", StorageId.Type),
            )

            override fun write(value: Files.DelArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("id", value.id, StorageId.Type)
            }
        }
    }

    /** The query `files:meta`, for fakes. */
    public val meta: com.convexgateway.client.QueryFunction<Files.MetaArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("files:meta", Files.MetaArgs.Type, Types.any)

    /** A call of the query `files:meta`. */
    public fun meta(id: StorageId): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.meta.invoke(MetaArgs(id))

    @kotlinx.serialization.Serializable(with = Files.MetaArgs.Type::class)
    public data class MetaArgs(
        public val id: StorageId,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Files.MetaArgs>("MetaArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Files.MetaArgs = Files.MetaArgs(
                from.required("id", StorageId.Type),
            )

            override fun write(value: Files.MetaArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("id", value.id, StorageId.Type)
            }
        }
    }

    /** The action `files:store`, for fakes. */
    public val store: com.convexgateway.client.ActionFunction<Files.StoreArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.action("files:store", Files.StoreArgs.Type, Types.any)

    /** A call of the action `files:store`. */
    public fun store(text: kotlin.String, type: kotlin.String): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.store.invoke(StoreArgs(text, type))

    @kotlinx.serialization.Serializable(with = Files.StoreArgs.Type::class)
    public data class StoreArgs(
        public val text: kotlin.String,
        public val type: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Files.StoreArgs>("StoreArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Files.StoreArgs = Files.StoreArgs(
                from.required("text", Types.string),
                from.required("type", Types.string),
            )

            override fun write(value: Files.StoreArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("text", value.text, Types.string)
                to.required("type", value.type, Types.string)
            }
        }
    }

    /** The mutation `files:uploadUrl`, for fakes. */
    public val uploadUrl: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("files:uploadUrl", Types.none, Types.any)

    /** A call of the mutation `files:uploadUrl`. */
    public fun uploadUrl(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.uploadUrl.invoke(Types.noArguments)

    /** The query `files:url`, for fakes. */
    public val url: com.convexgateway.client.QueryFunction<Files.UrlArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("files:url", Files.UrlArgs.Type, Types.any)

    /** A call of the query `files:url`. */
    public fun url(id: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.url.invoke(UrlArgs(id))

    @kotlinx.serialization.Serializable(with = Files.UrlArgs.Type::class)
    public data class UrlArgs(
        public val id: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Files.UrlArgs>("UrlArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Files.UrlArgs = Files.UrlArgs(
                from.required("id", Types.string),
            )

            override fun write(value: Files.UrlArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("id", value.id, Types.string)
            }
        }
    }
}
