// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `names`. */
public object Names {
    /** The query `names:List`, for fakes. */
    public val List: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("names:List", Types.none, Types.any)

    /** A call of the query `names:List`. */
    public fun List(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.List.invoke(Types.noArguments)

    /** The query `names`, for fakes. */
    public val default: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("names", Types.none, Types.any)

    /** A call of the query `names`. */
    public fun default(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.default.invoke(Types.noArguments)

    /** The query `names:list`, for fakes. */
    @get:kotlin.jvm.JvmName("getList_2") public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("names:list", Types.none, Types.any)

    /** A call of the query `names:list`. */
    public fun list(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.list.invoke(Types.noArguments)

    /** The query `names:listItem`, for fakes. */
    public val listItem: com.convexgateway.client.QueryFunction<Names.ListItemArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("names:listItem", Names.ListItemArgs.Type, Types.any)

    /** A call of the query `names:listItem`. */
    public fun listItem(__a: kotlin.Double, _id: MessagesId, `class`: kotlin.String, fooBar: kotlin.Double, foo_bar: kotlin.Double, id: kotlin.String, x1: kotlin.Double, FooBar: kotlin.String? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.listItem.invoke(ListItemArgs(__a, _id, `class`, fooBar, foo_bar, id, x1, FooBar))

    @kotlinx.serialization.Serializable(with = Names.ListItemArgs.Type::class)
    public data class ListItemArgs(
        public val __a: kotlin.Double,
        public val _id: MessagesId,
        public val `class`: kotlin.String,
        public val fooBar: kotlin.Double,
        public val foo_bar: kotlin.Double,
        public val id: kotlin.String,
        public val x1: kotlin.Double,
        @get:kotlin.jvm.JvmName("getFooBar_2") public val FooBar: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Names.ListItemArgs>("ListItemArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names.ListItemArgs = Names.ListItemArgs(
                from.required("__a", Types.number),
                from.required("_id", MessagesId.Type),
                from.required("class", Types.string),
                from.required("fooBar", Types.number),
                from.required("foo_bar", Types.number),
                from.required("id", Types.string),
                from.required("x1", Types.number),
                from.optional("FooBar", Types.string),
            )

            override fun write(value: Names.ListItemArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("__a", value.__a, Types.number)
                to.required("_id", value._id, MessagesId.Type)
                to.required("class", value.`class`, Types.string)
                to.required("fooBar", value.fooBar, Types.number)
                to.required("foo_bar", value.foo_bar, Types.number)
                to.required("id", value.id, Types.string)
                to.required("x1", value.x1, Types.number)
                to.optional("FooBar", value.FooBar, Types.string)
            }
        }
    }

    /** The query `names:subscribeList`, for fakes. */
    public val subscribeList: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("names:subscribeList", Types.none, Types.any)

    /** A call of the query `names:subscribeList`. */
    public fun subscribeList(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.subscribeList.invoke(Types.noArguments)
}
