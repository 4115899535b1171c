// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.unions

import com.convexgateway.client.types.Types

/** The id of a document of the table `a`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = AId.Type::class)
public value class AId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<AId>("AId", { AId(it) }, { it.value })
}

/** The id of a document of the table `b`. */
@kotlin.jvm.JvmInline
@kotlinx.serialization.Serializable(with = BId.Type::class)
public value class BId(public val value: kotlin.String) {
    override fun toString(): kotlin.String = value

    public object Type : com.convexgateway.client.types.IdType<BId>("BId", { BId(it) }, { it.value })
}

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
