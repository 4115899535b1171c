// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `untyped`. */
public object Untyped {
    /** The mutation `untyped:nothing`, for fakes. */
    public val nothing: com.convexgateway.client.MutationFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("untyped:nothing", Types.arguments, Types.any)

    /** A call of the mutation `untyped:nothing`. */
    public fun nothing(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.nothing.invoke(Types.encoded(args))
}
