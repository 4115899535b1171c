// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.broken

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `bad`. */
    public val bad: Bad get() = Bad

    /** The functions of `good`. */
    public val good: Good get() = Good

    /** The functions of `new`. */
    public val new: New get() = New
}
