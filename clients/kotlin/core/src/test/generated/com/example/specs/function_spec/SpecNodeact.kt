// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `spec/nodeact`. */
public object SpecNodeact {
    /** The action `spec/nodeact:ver`, for fakes. */
    public val ver: com.convexgateway.client.ActionFunction<SpecNodeact.VerArgs, kotlin.String>
        get() = Types.action("spec/nodeact:ver", SpecNodeact.VerArgs.Type, Types.string)

    /** A call of the action `spec/nodeact:ver`. */
    public fun ver(x: kotlin.String? = null): com.convexgateway.client.Action<kotlin.String> =
        this.ver.invoke(VerArgs(x))

    @kotlinx.serialization.Serializable(with = SpecNodeact.VerArgs.Type::class)
    public data class VerArgs(
        public val x: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecNodeact.VerArgs>("VerArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecNodeact.VerArgs = SpecNodeact.VerArgs(
                from.optional("x", Types.string),
            )

            override fun write(value: SpecNodeact.VerArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("x", value.x, Types.string)
            }
        }
    }
}
