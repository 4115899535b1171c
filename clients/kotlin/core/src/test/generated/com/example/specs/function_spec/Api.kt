// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `actions`. */
    public val actions: Actions get() = Actions

    /** The functions of `counter`. */
    public val counter: Counter get() = Counter

    /** The functions of `errors`. */
    public val errors: Errors get() = Errors

    /** The functions of `facts`. */
    public val facts: Facts get() = Facts

    /** The functions of `files`. */
    public val files: Files get() = Files

    /** The functions of `messages`. */
    public val messages: Messages get() = Messages

    /** The functions of `pag`. */
    public val pag: Pag get() = Pag

    /** The modules in `spec`. */
    public val spec: Spec get() = Spec

    /** The functions of `users`. */
    public val users: Users get() = Users

    /** The functions of `usescomp`. */
    public val usescomp: Usescomp get() = Usescomp

    /** The functions of `values`. */
    public val values: Values get() = Values
}
