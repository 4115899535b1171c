// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.convexgateway.sample.api

import com.convexgateway.client.types.Types

/** The functions of `errors`. */
public object Errors {
    /** The query `errors:convex`, for fakes. */
    public val convex: com.convexgateway.client.QueryFunction<Errors.ConvexArgs, kotlin.Unit>
        get() = Types.query("errors:convex", Errors.ConvexArgs.Type, Types.nothing)

    /** A call of the query `errors:convex`. */
    public fun convex(data: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlin.Unit> =
        this.convex.invoke(ConvexArgs(data))

    @kotlinx.serialization.Serializable(with = Errors.ConvexArgs.Type::class)
    public data class ConvexArgs(
        public val data: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Errors.ConvexArgs>("ConvexArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Errors.ConvexArgs = Errors.ConvexArgs(
                from.required("data", Types.any),
            )

            override fun write(value: Errors.ConvexArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("data", value.data, Types.any)
            }
        }
    }

    /** The mutation `errors:convexMutation`, for fakes. */
    public val convexMutation: com.convexgateway.client.MutationFunction<Errors.ConvexMutationArgs, kotlin.Unit>
        get() = Types.mutation("errors:convexMutation", Errors.ConvexMutationArgs.Type, Types.nothing)

    /** A call of the mutation `errors:convexMutation`. */
    public fun convexMutation(data: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.convexMutation.invoke(ConvexMutationArgs(data))

    @kotlinx.serialization.Serializable(with = Errors.ConvexMutationArgs.Type::class)
    public data class ConvexMutationArgs(
        public val data: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Errors.ConvexMutationArgs>("ConvexMutationArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Errors.ConvexMutationArgs = Errors.ConvexMutationArgs(
                from.required("data", Types.any),
            )

            override fun write(value: Errors.ConvexMutationArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("data", value.data, Types.any)
            }
        }
    }

    /** The query `errors:crash`, for fakes. */
    public val crash: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.Unit>
        get() = Types.query("errors:crash", Types.none, Types.nothing)

    /** A call of the query `errors:crash`. */
    public fun crash(): com.convexgateway.client.Query<kotlin.Unit> =
        this.crash.invoke(Types.noArguments)

    /** The mutation `errors:crashMutation`, for fakes. */
    public val crashMutation: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types.mutation("errors:crashMutation", Types.none, Types.nothing)

    /** A call of the mutation `errors:crashMutation`. */
    public fun crashMutation(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.crashMutation.invoke(Types.noArguments)
}
