// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `Types`. */
public object Types_3 {
    /** The query `Types:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types_2.query("Types:list", Types_2.none, Types_2.string)

    /** A call of the query `Types:list`. */
    public fun list(): com.convexgateway.client.Query<kotlin.String> =
        this.list.invoke(Types_2.noArguments)
}
