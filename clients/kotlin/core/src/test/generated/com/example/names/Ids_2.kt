// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The functions of `ids`. */
public object Ids_2 {
    /** The query `ids:all`, for fakes. */
    public val all: com.convexgateway.client.QueryFunction<Ids_2.AllArgs, kotlin.collections.Map<StorageId_2, kotlin.Long>>
        get() = Types_2.query("ids:all", Ids_2.AllArgs.Type_2, Types_2.record(StorageId_2.Type_2, Types_2.int64))

    /** A call of the query `ids:all`. */
    public fun all(a: StorageId, b: StorageId_2, c: UserProfilesId_2, d: UserProfilesId): com.convexgateway.client.Query<kotlin.collections.Map<StorageId_2, kotlin.Long>> =
        this.all.invoke(AllArgs(a, b, c, d))

    @kotlinx.serialization.Serializable(with = Ids_2.AllArgs.Type_2::class)
    public data class AllArgs(
        public val a: StorageId,
        public val b: StorageId_2,
        public val c: UserProfilesId_2,
        public val d: UserProfilesId,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Ids_2.AllArgs>("AllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Ids_2.AllArgs = Ids_2.AllArgs(
                from.required("a", StorageId.Type_2),
                from.required("b", StorageId_2.Type_2),
                from.required("c", UserProfilesId_2.Type_2),
                from.required("d", UserProfilesId.Type_2),
            )

            override fun write(value: Ids_2.AllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, StorageId.Type_2)
                to.required("b", value.b, StorageId_2.Type_2)
                to.required("c", value.c, UserProfilesId_2.Type_2)
                to.required("d", value.d, UserProfilesId.Type_2)
            }
        }
    }
}
