// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `admin/users`. */
public object AdminUsers {
    /** The action `admin/users`, for fakes. */
    public val default: com.convexgateway.client.ActionFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.action("admin/users", Types.arguments, Types.any)

    /** A call of the action `admin/users`. */
    public fun default(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.default.invoke(Types.encoded(args))

    /** The query `admin/users:list`, for fakes. */
    public val list: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.collections.List<AdminUsers.ListItem>>
        get() = Types.query("admin/users:list", Types.none, Types.list(AdminUsers.ListItem.Type))

    /** A call of the query `admin/users:list`. */
    public fun list(): com.convexgateway.client.Query<kotlin.collections.List<AdminUsers.ListItem>> =
        this.list.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = AdminUsers.ListItem.Type::class)
    public data class ListItem(
        public val _creationTime: kotlin.Double,
        public val _id: UsersId,
        public val name: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<AdminUsers.ListItem>("ListItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): AdminUsers.ListItem = AdminUsers.ListItem(
                from.required("_creationTime", Types.number),
                from.required("_id", UsersId.Type),
                from.required("name", Types.string),
            )

            override fun write(value: AdminUsers.ListItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("_creationTime", value._creationTime, Types.number)
                to.required("_id", value._id, UsersId.Type)
                to.required("name", value.name, Types.string)
            }
        }
    }
}
