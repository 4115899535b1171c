// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.convexgateway.sample.api

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `actions`. */
    public val actions: Actions get() = Actions

    /** The functions of `counter`. */
    public val counter: Counter get() = Counter

    /** The functions of `errors`. */
    public val errors: Errors get() = Errors

    /** The functions of `messages`. */
    public val messages: Messages get() = Messages

    /** The functions of `users`. */
    public val users: Users get() = Users

    /** The functions of `values`. */
    public val values: Values get() = Values
}
