// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `string`. */
public object String {
    /** The query `string:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.collections.List<kotlin.String>>
        get() = Types_2.query("string:list", Types_2.none, Types_2.list(Types_2.string))

    /** A call of the query `string:list`. */
    public fun list(): com.convexgateway.client.Query<kotlin.collections.List<kotlin.String>> =
        this.list.invoke(Types_2.noArguments)
}
