// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.broken

import com.convexgateway.client.types.Types

/** The functions of `good`. */
public object Good {
    /** The query `good:twice`, for fakes. */
    public val twice: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types.query("good:twice", Types.none, Types.string)

    /** A call of the query `good:twice`. */
    public fun twice(): com.convexgateway.client.Query<kotlin.String> =
        this.twice.invoke(Types.noArguments)
}
