// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.order

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `m`. */
    public val m: M get() = M
}
