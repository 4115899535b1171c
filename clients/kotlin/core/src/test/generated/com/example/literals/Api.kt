// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.literals

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `strange`. */
    public val strange: Strange get() = Strange

    /** The functions of `wire`. */
    public val wire: Wire get() = Wire

    /** The functions of `words`. */
    public val words: Words get() = Words
}
