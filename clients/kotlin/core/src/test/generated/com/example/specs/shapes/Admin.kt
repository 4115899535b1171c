// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `admin`. */
public object Admin {
    /** The functions of `admin/users`. */
    public val users: AdminUsers get() = AdminUsers

    /** The query `admin:users`, for fakes. */
    public val users_2: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("admin:users", Types.none, Types.any)

    /** A call of the query `admin:users`. */
    public fun users(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.users_2.invoke(Types.noArguments)
}
