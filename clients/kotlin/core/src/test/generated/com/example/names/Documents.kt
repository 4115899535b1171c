// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The documents of the app's tables. */
public object Documents {
    @kotlinx.serialization.Serializable(with = Documents.Messages.Type_2::class)
    public data class Messages(
        public val _creationTime: kotlin.Double,
        public val _id: MessagesId,
        public val body: kotlin.String,
        public val edited: kotlin.Double? = null,
    ) {
        public object Type_2 : com.convexgateway.client.types.ObjectType<Documents.Messages>("Messages") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Messages = Documents.Messages(
                from.required("_creationTime", Types_2.number),
                from.required("_id", MessagesId.Type_2),
                from.required("body", Types_2.string),
                from.optional("edited", Types_2.number),
            )

            override fun write(value: Documents.Messages, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("_creationTime", value._creationTime, Types_2.number)
                to.required("_id", value._id, MessagesId.Type_2)
                to.required("body", value.body, Types_2.string)
                to.optional("edited", value.edited, Types_2.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Documents.Shapes.Type_2::class)
    public sealed interface Shapes {
        @kotlinx.serialization.Serializable(with = Documents.Shapes.Circle.Type_2::class)
        public data class Circle(
            public val _creationTime: kotlin.Double,
            public val _id: ShapesId,
            public val r: kotlin.Double,
        ) : Documents.Shapes {
            public object Type_2 : com.convexgateway.client.types.ObjectType<Documents.Shapes.Circle>("Circle") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Shapes.Circle = Documents.Shapes.Circle(
                    from.required("_creationTime", Types_2.number),
                    from.required("_id", ShapesId.Type_2),
                    from.required("r", Types_2.number),
                )

                override fun write(value: Documents.Shapes.Circle, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "circle")
                    to.required("_creationTime", value._creationTime, Types_2.number)
                    to.required("_id", value._id, ShapesId.Type_2)
                    to.required("r", value.r, Types_2.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Documents.Shapes.Square.Type_2::class)
        public data class Square(
            public val _creationTime: kotlin.Double,
            public val _id: ShapesId,
            public val a: kotlin.Double,
        ) : Documents.Shapes {
            public object Type_2 : com.convexgateway.client.types.ObjectType<Documents.Shapes.Square>("Square") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Documents.Shapes.Square = Documents.Shapes.Square(
                    from.required("_creationTime", Types_2.number),
                    from.required("_id", ShapesId.Type_2),
                    from.required("a", Types_2.number),
                )

                override fun write(value: Documents.Shapes.Square, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "square")
                    to.required("_creationTime", value._creationTime, Types_2.number)
                    to.required("_id", value._id, ShapesId.Type_2)
                    to.required("a", value.a, Types_2.number)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Documents.Shapes

        public object Type_2 : com.convexgateway.client.types.ConvexType<Documents.Shapes>("Shapes") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Documents.Shapes = when {
                Types_2.has(json, "kind", "circle") -> Documents.Shapes.Circle.Type_2.read(json)
                Types_2.has(json, "kind", "square") -> Documents.Shapes.Square.Type_2.read(json)
                else -> Documents.Shapes.Unknown(json)
            }

            override fun write(value: Documents.Shapes): kotlinx.serialization.json.JsonElement = when (value) {
                is Documents.Shapes.Circle -> Documents.Shapes.Circle.Type_2.write(value)
                is Documents.Shapes.Square -> Documents.Shapes.Square.Type_2.write(value)
                is Documents.Shapes.Unknown -> value.json
            }
        }
    }
}
