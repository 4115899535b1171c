// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `documents`. */
public object Documents_2 {
    /** The query `documents:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types_2.query("documents:list", Types_2.none, Types_2.string)

    /** A call of the query `documents:list`. */
    public fun list(): com.convexgateway.client.Query<kotlin.String> =
        this.list.invoke(Types_2.noArguments)
}
