// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The id of a document of the table `_storage`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = StorageId.Type_2::class)
public value class StorageId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<StorageId>("StorageId", { StorageId(it) }, { it.value })
}

/** The id of a document of the table `messages`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = MessagesId.Type_2::class)
public value class MessagesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<MessagesId>("MessagesId", { MessagesId(it) }, { it.value })
}

/** The id of a document of the table `shapes`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = ShapesId.Type_2::class)
public value class ShapesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<ShapesId>("ShapesId", { ShapesId(it) }, { it.value })
}

/** The id of a document of the table `storage`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = StorageId_2.Type_2::class)
public value class StorageId_2(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<StorageId_2>("StorageId_2", { StorageId_2(it) }, { it.value })
}

/** The id of a document of the table `userProfiles`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = UserProfilesId.Type_2::class)
public value class UserProfilesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<UserProfilesId>("UserProfilesId", { UserProfilesId(it) }, { it.value })
}

/** The id of a document of the table `user_profiles`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = UserProfilesId_2.Type_2::class)
public value class UserProfilesId_2(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type_2 : com.convexgateway.client.types.IdType<UserProfilesId_2>("UserProfilesId_2", { UserProfilesId_2(it) }, { it.value })
}
