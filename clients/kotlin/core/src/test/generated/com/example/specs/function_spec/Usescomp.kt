// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `usescomp`. */
public object Usescomp {
    /** The query `usescomp:viaComp`, for fakes. */
    public val viaComp: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("usescomp:viaComp", Types.none, Types.any)

    /** A call of the query `usescomp:viaComp`. */
    public fun viaComp(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.viaComp.invoke(Types.noArguments)
}
