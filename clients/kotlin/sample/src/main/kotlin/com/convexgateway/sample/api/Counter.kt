// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.convexgateway.sample.api

import com.convexgateway.client.types.Types

/** The functions of `counter`. */
public object Counter {
    /** The mutation `counter:add`, for fakes. */
    public val add: com.convexgateway.client.MutationFunction<Counter.AddArgs, kotlin.Double>
        get() = Types.mutation("counter:add", Counter.AddArgs.Type, Types.number)

    /** A call of the mutation `counter:add`. */
    public fun add(name: kotlin.String, by: kotlin.Double? = null): com.convexgateway.client.Mutation<kotlin.Double> =
        this.add.invoke(AddArgs(name, by))

    @kotlinx.serialization.Serializable(with = Counter.AddArgs.Type::class)
    public data class AddArgs(
        public val name: kotlin.String,
        public val by: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Counter.AddArgs>("AddArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Counter.AddArgs = Counter.AddArgs(
                from.required("name", Types.string),
                from.optional("by", Types.number),
            )

            override fun write(value: Counter.AddArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("name", value.name, Types.string)
                to.optional("by", value.by, Types.number)
            }
        }
    }

    /** The query `counter:get`, for fakes. */
    public val get: com.convexgateway.client.QueryFunction<Counter.GetArgs, kotlin.Double>
        get() = Types.query("counter:get", Counter.GetArgs.Type, Types.number)

    /** A call of the query `counter:get`. */
    public fun get(name: kotlin.String): com.convexgateway.client.Query<kotlin.Double> =
        this.get.invoke(GetArgs(name))

    @kotlinx.serialization.Serializable(with = Counter.GetArgs.Type::class)
    public data class GetArgs(
        public val name: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Counter.GetArgs>("GetArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Counter.GetArgs = Counter.GetArgs(
                from.required("name", Types.string),
            )

            override fun write(value: Counter.GetArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("name", value.name, Types.string)
            }
        }
    }
}
