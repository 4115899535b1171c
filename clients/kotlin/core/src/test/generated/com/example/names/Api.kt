// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of the app, by modules. They make calls, for a client: `client.subscribe(Api.messages.list())`. */
public object Api {
    /** The functions of `2fa`. */
    public val `2fa`: Module2fa get() = Module2fa

    /** The functions of `Types`. */
    public val Types: Types_3 get() = Types_3

    /** The functions of `admin`. */
    public val admin: Admin get() = Admin

    /** The functions of `admin_users`. */
    public val admin_users: AdminUsers_2 get() = AdminUsers_2

    /** The functions of `api`. */
    public val api: Api_2 get() = Api_2

    /** The modules in `deep`. */
    public val deep: Deep get() = Deep

    /** The functions of `documents`. */
    public val documents: Documents_2 get() = Documents_2

    /** The functions of `fields`. */
    public val fields: Fields get() = Fields

    /** The functions of `ids`. */
    public val ids: Ids_2 get() = Ids_2

    /** The functions of `names`. */
    public val names: Names_2 get() = Names_2

    /** The functions of `string`. */
    public val string: String get() = String
}
