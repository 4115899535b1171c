// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `names`. */
public object Names_2 {
    /** The mutation `names:ListArgs`, for fakes. */
    public val ListArgs: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:ListArgs", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:ListArgs`. */
    public fun ListArgs(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.ListArgs.invoke(Types_2.noArguments)

    /** The mutation `names:Names`, for fakes. */
    public val Names: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:Names", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:Names`. */
    public fun Names(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.Names.invoke(Types_2.noArguments)

    /** The mutation `names:Title`, for fakes. */
    public val Title: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:Title", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:Title`. */
    public fun Title(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.Title.invoke(Types_2.noArguments)

    /** The mutation `names:also`, for fakes. */
    public val also: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:also", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:also`. */
    public fun also(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.also.invoke(Types_2.noArguments)

    /** The mutation `names:api`, for fakes. */
    public val api: com.convexgateway.client.MutationFunction<Names_2.ApiArgs, kotlin.collections.List<Names_2.ApiItem>>
        get() = Types_2.mutation("names:api", Names_2.ApiArgs.Type_2, Types_2.list(Names_2.ApiItem.Type_2))

    /** A call of the mutation `names:api`. */
    public fun api(item: Names_2.ApiItem_2): com.convexgateway.client.Mutation<kotlin.collections.List<Names_2.ApiItem>> =
        this.api.invoke(ApiArgs(item))

    @kotlinx.serialization.Serializable(with = Names_2.ApiItem.Type_2::class)
    public data class ApiItem(
        public val x: kotlin.Double,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.ApiItem>("ApiItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.ApiItem = Names_2.ApiItem(
                from.required("x", Types_2.number),
            )

            override fun write(value: Names_2.ApiItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types_2.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Names_2.ApiItem_2.Type_2::class)
    public data class ApiItem_2(
        public val x: kotlin.String,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.ApiItem_2>("ApiItem_2") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.ApiItem_2 = Names_2.ApiItem_2(
                from.required("x", Types_2.string),
            )

            override fun write(value: Names_2.ApiItem_2, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types_2.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Names_2.ApiArgs.Type_2::class)
    public data class ApiArgs(
        public val item: Names_2.ApiItem_2,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.ApiArgs>("ApiArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.ApiArgs = Names_2.ApiArgs(
                from.required("item", Names_2.ApiItem_2.Type_2),
            )

            override fun write(value: Names_2.ApiArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("item", value.item, Names_2.ApiItem_2.Type_2)
            }
        }
    }

    /** The mutation `names:class`, for fakes. */
    public val `class`: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:class", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:class`. */
    public fun `class`(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.`class`.invoke(Types_2.noArguments)

    /** The mutation `names:com`, for fakes. */
    public val com: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:com", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:com`. */
    public fun com(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.com.invoke(Types_2.noArguments)

    /** The mutation `names`, for fakes. */
    public val default: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names`. */
    public fun default(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.default.invoke(Types_2.noArguments)

    /** The mutation `names:equals`, for fakes. */
    public val equals_2: com.convexgateway.client.MutationFunction<Names_2.EqualsArgs, kotlin.Unit>
        get() = Types_2.mutation("names:equals", Names_2.EqualsArgs.Type_2, Types_2.nothing)

    /** A call of the mutation `names:equals`. */
    public fun equals_2(other: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.equals_2.invoke(EqualsArgs(other))

    @kotlinx.serialization.Serializable(with = Names_2.EqualsArgs.Type_2::class)
    public data class EqualsArgs(
        public val other: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.EqualsArgs>("EqualsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.EqualsArgs = Names_2.EqualsArgs(
                from.required("other", Types_2.any),
            )

            override fun write(value: Names_2.EqualsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("other", value.other, Types_2.any)
            }
        }
    }

    /** The mutation `names:finalize`, for fakes. */
    public val finalize: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:finalize", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:finalize`. */
    public fun finalize(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.finalize.invoke(Types_2.noArguments)

    /** The mutation `names:getClass`, for fakes. */
    public val getClass: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:getClass", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:getClass`. */
    public fun getClass(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.getClass.invoke(Types_2.noArguments)

    /** The mutation `names:getList`, for fakes. */
    public val getList: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:getList", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:getList`. */
    public fun getList(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.getList.invoke(Types_2.noArguments)

    /** The mutation `names:hashCode`, for fakes. */
    public val hashCode_2: com.convexgateway.client.MutationFunction<Names_2.HashCodeArgs, kotlin.Unit>
        get() = Types_2.mutation("names:hashCode", Names_2.HashCodeArgs.Type_2, Types_2.nothing)

    /** A call of the mutation `names:hashCode`. */
    public fun hashCode_2(x: kotlin.String? = null): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.hashCode_2.invoke(HashCodeArgs(x))

    @kotlinx.serialization.Serializable(with = Names_2.HashCodeArgs.Type_2::class)
    public data class HashCodeArgs(
        public val x: kotlin.String? = null,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.HashCodeArgs>("HashCodeArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.HashCodeArgs = Names_2.HashCodeArgs(
                from.optional("x", Types_2.string),
            )

            override fun write(value: Names_2.HashCodeArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("x", value.x, Types_2.string)
            }
        }
    }

    /** The mutation `names:kotlin`, for fakes. */
    public val kotlin: com.convexgateway.client.MutationFunction<Names_2.KotlinArgs, kotlin.Unit>
        get() = Types_2.mutation("names:kotlin", Names_2.KotlinArgs.Type_2, Types_2.nothing)

    /** A call of the mutation `names:kotlin`. */
    public fun kotlin(a: com.convexgateway.client.types.Field<kotlin.String?> = Types_2.absent): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.kotlin.invoke(KotlinArgs(a))

    @kotlinx.serialization.Serializable(with = Names_2.KotlinArgs.Type_2::class)
    public data class KotlinArgs(
        public val a: com.convexgateway.client.types.Field<kotlin.String?> = Types_2.absent,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.KotlinArgs>("KotlinArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.KotlinArgs = Names_2.KotlinArgs(
                from.field("a", Types_2.nullable(Types_2.string)),
            )

            override fun write(value: Names_2.KotlinArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.field("a", value.a, Types_2.nullable(Types_2.string))
            }
        }
    }

    /** The mutation `names:list`, for fakes. */
    public val list: com.convexgateway.client.MutationFunction<Names_2.ListArgs_2, kotlin.String>
        get() = Types_2.mutation("names:list", Names_2.ListArgs_2.Type_2, Types_2.string)

    /** A call of the mutation `names:list`. */
    public fun list(list: kotlin.String): com.convexgateway.client.Mutation<kotlin.String> =
        this.list.invoke(ListArgs_2(list))

    @kotlinx.serialization.Serializable(with = Names_2.ListArgs_2.Type_2::class)
    public data class ListArgs_2(
        public val list: kotlin.String,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Names_2.ListArgs_2>("ListArgs_2") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Names_2.ListArgs_2 = Names_2.ListArgs_2(
                from.required("list", Types_2.string),
            )

            override fun write(value: Names_2.ListArgs_2, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("list", value.list, Types_2.string)
            }
        }
    }

    /** The mutation `names:notify`, for fakes. */
    public val notify: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:notify", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:notify`. */
    public fun notify(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.notify.invoke(Types_2.noArguments)

    /** The mutation `names:result`, for fakes. */
    public val result: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:result", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:result`. */
    public fun result(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.result.invoke(Types_2.noArguments)

    /** The mutation `names:title`, for fakes. */
    @get:kotlin.jvm.JvmName("getTitle_2") public val title: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:title", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:title`. */
    public fun title(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.title.invoke(Types_2.noArguments)

    /** The mutation `names:toString`, for fakes. */
    public val toString_2: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:toString", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:toString`. */
    public fun toString_2(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.toString_2.invoke(Types_2.noArguments)

    /** The mutation `names:wait`, for fakes. */
    public val wait: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types_2.mutation("names:wait", Types_2.none, Types_2.nothing)

    /** A call of the mutation `names:wait`. */
    public fun wait(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.wait.invoke(Types_2.noArguments)
}
