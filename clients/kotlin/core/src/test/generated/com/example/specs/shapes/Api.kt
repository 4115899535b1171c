// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `admin`. */
    public val admin: Admin get() = Admin

    /** The functions of `handles`. */
    public val handles: Handles get() = Handles

    /** The functions of `names`. */
    public val names: Names get() = Names

    /** The functions of `nest`. */
    public val nest: Nest get() = Nest

    /** The functions of `shapes`. */
    public val shapes: Shapes get() = Shapes

    /** The functions of `untyped`. */
    public val untyped: Untyped get() = Untyped
}
