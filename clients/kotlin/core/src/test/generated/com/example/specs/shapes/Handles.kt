// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `handles`. */
public object Handles {
    /** The mutation `handles:call`, for fakes. */
    public val call: com.convexgateway.client.MutationFunction<Handles.CallArgs, kotlin.String>
        get() = Types.mutation("handles:call", Handles.CallArgs.Type, Types.string)

    /** A call of the mutation `handles:call`. */
    public fun call(plain: kotlin.String, typed: kotlin.String): com.convexgateway.client.Mutation<kotlin.String> =
        this.call.invoke(CallArgs(plain, typed))

    @kotlinx.serialization.Serializable(with = Handles.CallArgs.Type::class)
    public data class CallArgs(
        public val plain: kotlin.String,
        public val typed: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Handles.CallArgs>("CallArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Handles.CallArgs = Handles.CallArgs(
                from.required("plain", Types.string),
                from.required("typed", Types.string),
            )

            override fun write(value: Handles.CallArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("plain", value.plain, Types.string)
                to.required("typed", value.typed, Types.string)
            }
        }
    }
}
