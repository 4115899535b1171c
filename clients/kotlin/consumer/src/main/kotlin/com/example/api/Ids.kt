// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.api

import com.convexgateway.client.types.Types

/** The id of a document of the table `messages`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = MessagesId.Type::class)
public value class MessagesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<MessagesId>("MessagesId", { MessagesId(it) }, { it.value })
}
