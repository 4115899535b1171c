// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.convexgateway.sample.api

import com.convexgateway.client.types.Types

/** The functions of `messages`. */
public object Messages {
    /** The mutation `messages:clear`, for fakes. */
    public val clear: com.convexgateway.client.MutationFunction<Messages.ClearArgs, kotlin.Long>
        get() = Types.mutation("messages:clear", Messages.ClearArgs.Type, Types.int64)

    /** A call of the mutation `messages:clear`. */
    public fun clear(channel: kotlin.String? = null): com.convexgateway.client.Mutation<kotlin.Long> =
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
    public val list: com.convexgateway.client.QueryFunction<Messages.ListArgs, kotlin.collections.List<Messages.ListItem>>
        get() = Types.query("messages:list", Messages.ListArgs.Type, Types.list(Messages.ListItem.Type))

    /** A call of the query `messages:list`. */
    public fun list(channel: kotlin.String? = null, limit: kotlin.Double? = null): com.convexgateway.client.Query<kotlin.collections.List<Messages.ListItem>> =
        this.list.invoke(ListArgs(channel, limit))

    @kotlinx.serialization.Serializable(with = Messages.ListItem.Type::class)
    public data class ListItem(
        public val _creationTime: kotlin.Double,
        public val _id: MessagesId,
        public val author: kotlin.String,
        public val body: kotlin.String,
        public val channel: kotlin.String,
        public val id: MessagesId,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.ListItem>("ListItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.ListItem = Messages.ListItem(
                from.required("_creationTime", Types.number),
                from.required("_id", MessagesId.Type),
                from.required("author", Types.string),
                from.required("body", Types.string),
                from.required("channel", Types.string),
                from.required("id", MessagesId.Type),
            )

            override fun write(value: Messages.ListItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("_creationTime", value._creationTime, Types.number)
                to.required("_id", value._id, MessagesId.Type)
                to.required("author", value.author, Types.string)
                to.required("body", value.body, Types.string)
                to.required("channel", value.channel, Types.string)
                to.required("id", value.id, MessagesId.Type)
            }
        }
    }

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
    public val page: com.convexgateway.client.QueryFunction<Messages.PageArgs, com.convexgateway.client.Page<Messages.PageItem>>
        get() = Types.query("messages:page", Messages.PageArgs.Type, Types.page(Messages.PageItem.Type))

    /** A call of the query `messages:page`. */
    public fun page(channel: kotlin.String? = null): com.convexgateway.client.types.PagedQuery<Messages.PageItem> =
        this.page.invoke(PageArgs(channel))

    @kotlinx.serialization.Serializable(with = Messages.PageItem.Type::class)
    public data class PageItem(
        public val _creationTime: kotlin.Double,
        public val _id: MessagesId,
        public val author: kotlin.String,
        public val body: kotlin.String,
        public val channel: kotlin.String,
        public val id: MessagesId,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Messages.PageItem>("PageItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Messages.PageItem = Messages.PageItem(
                from.required("_creationTime", Types.number),
                from.required("_id", MessagesId.Type),
                from.required("author", Types.string),
                from.required("body", Types.string),
                from.required("channel", Types.string),
                from.required("id", MessagesId.Type),
            )

            override fun write(value: Messages.PageItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("_creationTime", value._creationTime, Types.number)
                to.required("_id", value._id, MessagesId.Type)
                to.required("author", value.author, Types.string)
                to.required("body", value.body, Types.string)
                to.required("channel", value.channel, Types.string)
                to.required("id", value.id, MessagesId.Type)
            }
        }
    }

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
    public val send: com.convexgateway.client.MutationFunction<Messages.SendArgs, MessagesId>
        get() = Types.mutation("messages:send", Messages.SendArgs.Type, MessagesId.Type)

    /** A call of the mutation `messages:send`. */
    public fun send(body: kotlin.String, author: kotlin.String? = null, channel: kotlin.String? = null): com.convexgateway.client.Mutation<MessagesId> =
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
