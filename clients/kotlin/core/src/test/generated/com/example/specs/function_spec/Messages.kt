// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `messages`. */
public object Messages {
    /** The mutation `messages:clear`, for fakes. */
    public val clear: com.convexgateway.client.MutationFunction<Messages.ClearArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("messages:clear", Messages.ClearArgs.Type, Types.any)

    /** A call of the mutation `messages:clear`. */
    public fun clear(channel: kotlin.String? = null): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.clear.invoke(ClearArgs(channel))

    @kotlinx.serialization.Serializable(with = Messages.ClearArgs.Type::class)
    public data class ClearArgs(
        public val channel: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.ClearArgs>("ClearArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.ClearArgs = Messages.ClearArgs(
                from.optional("channel", Types.string),
            )

            override fun write(value: Messages.ClearArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("channel", value.channel, Types.string)
            }
        }
    }

    /** The query `messages:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<Messages.ListArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("messages:list", Messages.ListArgs.Type, Types.any)

    /** A call of the query `messages:list`. */
    public fun list(channel: kotlin.String? = null, limit: kotlin.Double? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.list.invoke(ListArgs(channel, limit))

    @kotlinx.serialization.Serializable(with = Messages.ListArgs.Type::class)
    public data class ListArgs(
        public val channel: kotlin.String? = null,
        public val limit: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.ListArgs>("ListArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.ListArgs = Messages.ListArgs(
                from.optional("channel", Types.string),
                from.optional("limit", Types.number),
            )

            override fun write(value: Messages.ListArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("channel", value.channel, Types.string)
                to.optional("limit", value.limit, Types.number)
            }
        }
    }

    /** The query `messages:page`, for fakes. */
    public val page: com.convexgateway.client.QueryFunction<Messages.PageArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("messages:page", Messages.PageArgs.Type, Types.any)

    /** A call of the query `messages:page`. */
    public fun page(channel: kotlin.String? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.page.invoke(PageArgs(channel))

    @kotlinx.serialization.Serializable(with = Messages.PageArgs.Type::class)
    public data class PageArgs(
        public val channel: kotlin.String? = null,
        public val paginationOpts: com.convexgateway.client.types.PaginationOptions? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.PageArgs>("PageArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.PageArgs = Messages.PageArgs(
                from.optional("channel", Types.string),
                from.optional("paginationOpts", Types.paginationOptions),
            )

            override fun write(value: Messages.PageArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("channel", value.channel, Types.string)
                to.optional("paginationOpts", value.paginationOpts, Types.paginationOptions)
            }
        }
    }

    /** The mutation `messages:send`, for fakes. */
    public val send: com.convexgateway.client.MutationFunction<Messages.SendArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("messages:send", Messages.SendArgs.Type, Types.any)

    /** A call of the mutation `messages:send`. */
    public fun send(body: kotlin.String, author: kotlin.String? = null, channel: kotlin.String? = null): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.send.invoke(SendArgs(body, author, channel))

    @kotlinx.serialization.Serializable(with = Messages.SendArgs.Type::class)
    public data class SendArgs(
        public val body: kotlin.String,
        public val author: kotlin.String? = null,
        public val channel: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.SendArgs>("SendArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.SendArgs = Messages.SendArgs(
                from.required("body", Types.string),
                from.optional("author", Types.string),
                from.optional("channel", Types.string),
            )

            override fun write(value: Messages.SendArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("body", value.body, Types.string)
                to.optional("author", value.author, Types.string)
                to.optional("channel", value.channel, Types.string)
            }
        }
    }
}
