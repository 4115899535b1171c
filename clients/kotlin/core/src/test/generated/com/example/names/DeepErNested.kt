// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `deep/er/nested`. */
public object DeepErNested {
    /** The query `deep/er/nested`, for fakes. */
    public val default: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types_2.query("deep/er/nested", Types_2.none, Types_2.string)

    /** A call of the query `deep/er/nested`. */
    public fun default(): com.convexgateway.client.Query<kotlin.String> =
        this.default.invoke(Types_2.noArguments)
}
