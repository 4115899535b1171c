// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `admin`. */
public object Admin {
    /** The functions of `admin/users`. */
    public val users: AdminUsers get() = AdminUsers

    /** The query `admin:users`, for fakes. */
    public val users_2: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types_2.query("admin:users", Types_2.none, Types_2.string)

    /** A call of the query `admin:users`. */
    public fun users(): com.convexgateway.client.Query<kotlin.String> =
        this.users_2.invoke(Types_2.noArguments)
}
