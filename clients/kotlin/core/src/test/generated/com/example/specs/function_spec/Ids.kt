// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The id of a document of the table `_scheduled_functions`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = ScheduledFunctionsId.Type::class)
public value class ScheduledFunctionsId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<ScheduledFunctionsId>("ScheduledFunctionsId", { ScheduledFunctionsId(it) }, { it.value })
}

/** The id of a document of the table `_storage`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = StorageId.Type::class)
public value class StorageId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<StorageId>("StorageId", { StorageId(it) }, { it.value })
}

/** The id of a document of the table `messages`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = MessagesId.Type::class)
public value class MessagesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<MessagesId>("MessagesId", { MessagesId(it) }, { it.value })
}
