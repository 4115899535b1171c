// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.api

import com.convexgateway.client.types.Types

/** The functions of `users`. */
public object Users {
    /** The query `users:me`, for fakes. */
    public val me: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("users:me", Types.none, Types.any)

    /** A call of the query `users:me`. */
    public fun me(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.me.invoke(Types.noArguments)
}
