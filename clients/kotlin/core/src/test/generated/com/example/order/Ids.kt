// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.order

import com.convexgateway.client.types.Types

/** The id of a document of the table `messages`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = MessagesId.Type::class)
public value class MessagesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<MessagesId>("MessagesId", { MessagesId(it) }, { it.value })
}

/** The id of a document of the table `shapes`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = ShapesId.Type::class)
public value class ShapesId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<ShapesId>("ShapesId", { ShapesId(it) }, { it.value })
}
