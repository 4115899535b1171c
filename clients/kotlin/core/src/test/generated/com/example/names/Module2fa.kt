// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `2fa`. */
public object Module2fa {
    /** The query `2fa:get`, for fakes. */
    public val get: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types_2.query("2fa:get", Types_2.none, Types_2.string)

    /** A call of the query `2fa:get`. */
    public fun get(): com.convexgateway.client.Query<kotlin.String> =
        this.get.invoke(Types_2.noArguments)
}
