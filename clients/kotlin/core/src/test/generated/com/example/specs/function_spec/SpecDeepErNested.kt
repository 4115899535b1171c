// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `spec/deep/er/nested`. */
public object SpecDeepErNested {
    /** The query `spec/deep/er/nested`, for fakes. */
    public val default: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/deep/er/nested", Types.none, Types.any)

    /** A call of the query `spec/deep/er/nested`. */
    public fun default(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.default.invoke(Types.noArguments)

    /** The query `spec/deep/er/nested:leaf`, for fakes. */
    public val leaf: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/deep/er/nested:leaf", Types.none, Types.any)

    /** A call of the query `spec/deep/er/nested:leaf`. */
    public fun leaf(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.leaf.invoke(Types.noArguments)
}
