// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.order

import com.convexgateway.client.types.Types

/** The documents of the app's tables. */
public object Documents {
    @kotlinx.serialization.Serializable(with = Documents.Messages.Type::class)
    public data class Messages(
        public val _creationTime: kotlin.Double,
        public val _id: MessagesId,
        public val body: kotlin.String,
        public val edited: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Documents.Messages>("Messages") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Messages = Documents.Messages(
                from.required("_creationTime", Types.number),
                from.required("_id", MessagesId.Type),
                from.required("body", Types.string),
                from.optional("edited", Types.number),
            )

            override fun write(value: Documents.Messages, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("_creationTime", value._creationTime, Types.number)
                to.required("_id", value._id, MessagesId.Type)
                to.required("body", value.body, Types.string)
                to.optional("edited", value.edited, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Documents.Shapes.Type::class)
    public sealed interface Shapes {
        @kotlinx.serialization.Serializable(with = Documents.Shapes.Circle.Type::class)
        public data class Circle(
            public val _creationTime: kotlin.Double,
            public val _id: ShapesId,
            public val r: kotlin.Double,
        ) : Documents.Shapes {
            public object Type : com.convexgateway.client.types.ObjectType<Documents.Shapes.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Shapes.Circle = Documents.Shapes.Circle(
                    from.required("_creationTime", Types.number),
                    from.required("_id", ShapesId.Type),
                    from.required("r", Types.number),
                )

                override fun write(value: Documents.Shapes.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("_creationTime", value._creationTime, Types.number)
                    to.required("_id", value._id, ShapesId.Type)
                    to.required("r", value.r, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Documents.Shapes.Square.Type::class)
        public data class Square(
            public val _creationTime: kotlin.Double,
            public val _id: ShapesId,
            public val a: kotlin.Double,
        ) : Documents.Shapes {
            public object Type : com.convexgateway.client.types.ObjectType<Documents.Shapes.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Shapes.Square = Documents.Shapes.Square(
                    from.required("_creationTime", Types.number),
                    from.required("_id", ShapesId.Type),
                    from.required("a", Types.number),
                )

                override fun write(value: Documents.Shapes.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("_creationTime", value._creationTime, Types.number)
                    to.required("_id", value._id, ShapesId.Type)
                    to.required("a", value.a, Types.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Documents.Shapes

        public object Type : com.convexgateway.client.types.ConvexType<Documents.Shapes>("Shapes") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Documents.Shapes = when {
                Types.has(json, "kind", "circle") -> Documents.Shapes.Circle.Type.read(json)
                Types.has(json, "kind", "square") -> Documents.Shapes.Square.Type.read(json)
                else -> Documents.Shapes.Unknown(json)
            }

            override fun write(value: Documents.Shapes): kotlinx.serialization.json.JsonElement = when (value) {
                is Documents.Shapes.Circle -> Documents.Shapes.Circle.Type.write(value)
                is Documents.Shapes.Square -> Documents.Shapes.Square.Type.write(value)
                is Documents.Shapes.Unknown -> value.json
            }
        }
    }
}
