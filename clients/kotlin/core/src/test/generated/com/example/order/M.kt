// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.order

import com.convexgateway.client.types.Types

/** The functions of `m`. */
public object M {
    /** The mutation `m:f`, for fakes. */
    public val f: com.convexgateway.client.MutationFunction<M.FArgs, M.FResult>
        get() = Types.mutation("m:f", M.FArgs.Type, M.FResult.Type)

    /** A call of the mutation `m:f`. */
    public fun f(c: kotlin.String, b: kotlin.String, m: kotlin.String? = null, x: kotlin.String? = null, a: kotlin.String? = null): com.convexgateway.client.Mutation<M.FResult> =
        this.f.invoke(FArgs(c, b, m, x, a))

    @kotlinx.serialization.Serializable(with = M.FResult.Type::class)
    public data class FResult(
        public val c: kotlin.String,
        public val b: kotlin.String,
        public val m: kotlin.String? = null,
        public val x: kotlin.String? = null,
        public val a: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<M.FResult>("FResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): M.FResult = M.FResult(
                from.required("c", Types.string),
                from.required("b", Types.string),
                from.optional("m", Types.string),
                from.optional("x", Types.string),
                from.optional("a", Types.string),
            )

            override fun write(value: M.FResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("c", value.c, Types.string)
                to.required("b", value.b, Types.string)
                to.optional("m", value.m, Types.string)
                to.optional("x", value.x, Types.string)
                to.optional("a", value.a, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = M.FArgs.Type::class)
    public data class FArgs(
        public val c: kotlin.String,
        public val b: kotlin.String,
        public val m: kotlin.String? = null,
        public val x: kotlin.String? = null,
        public val a: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<M.FArgs>("FArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): M.FArgs = M.FArgs(
                from.required("c", Types.string),
                from.required("b", Types.string),
                from.optional("m", Types.string),
                from.optional("x", Types.string),
                from.optional("a", Types.string),
            )

            override fun write(value: M.FArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("c", value.c, Types.string)
                to.required("b", value.b, Types.string)
                to.optional("m", value.m, Types.string)
                to.optional("x", value.x, Types.string)
                to.optional("a", value.a, Types.string)
            }
        }
    }

    /** The mutation `m:g`, for fakes. */
    public val g: com.convexgateway.client.MutationFunction<M.GArgs, kotlin.Unit>
        get() = Types.mutation("m:g", M.GArgs.Type, Types.nothing)

    /** A call of the mutation `m:g`. */
    public fun g(shape: M.GShape): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.g.invoke(GArgs(shape))

    @kotlinx.serialization.Serializable(with = M.GShapeValue1A.Type::class)
    public sealed interface GShapeValue1A {
        public val value: kotlin.String

        public data object X : M.GShapeValue1A {
            override val value: kotlin.String get() = "x"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : M.GShapeValue1A

        public object Type : com.convexgateway.client.types.LiteralType<M.GShapeValue1A, kotlin.String>(
            "GShapeValue1A", Types.string, { M.GShapeValue1A.Unknown(it) }, { it.value },
            M.GShapeValue1A.X,
        )
    }

    @kotlinx.serialization.Serializable(with = M.GShapeValue2A.Type::class)
    public sealed interface GShapeValue2A {
        public val value: kotlin.String

        public data object Y : M.GShapeValue2A {
            override val value: kotlin.String get() = "y"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : M.GShapeValue2A

        public object Type : com.convexgateway.client.types.LiteralType<M.GShapeValue2A, kotlin.String>(
            "GShapeValue2A", Types.string, { M.GShapeValue2A.Unknown(it) }, { it.value },
            M.GShapeValue2A.Y,
        )
    }

    @kotlinx.serialization.Serializable(with = M.GShape.Type::class)
    public sealed interface GShape {
        @kotlinx.serialization.Serializable(with = M.GShape.Value1.Type::class)
        public data class Value1(
            public val a: M.GShapeValue1A,
        ) : M.GShape {
            public object Type : com.convexgateway.client.types.ObjectType<M.GShape.Value1>("Value1") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): M.GShape.Value1 = M.GShape.Value1(
                    from.required("a", M.GShapeValue1A.Type),
                )

                override fun write(value: M.GShape.Value1, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("z", "1")
                    to.required("a", value.a, M.GShapeValue1A.Type)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = M.GShape.Value2.Type::class)
        public data class Value2(
            public val a: M.GShapeValue2A,
        ) : M.GShape {
            public object Type : com.convexgateway.client.types.ObjectType<M.GShape.Value2>("Value2") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): M.GShape.Value2 = M.GShape.Value2(
                    from.required("a", M.GShapeValue2A.Type),
                )

                override fun write(value: M.GShape.Value2, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("z", "2")
                    to.required("a", value.a, M.GShapeValue2A.Type)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : M.GShape

        public object Type : com.convexgateway.client.types.ConvexType<M.GShape>("GShape") {
            override fun read(json: kotlinx.serialization.json.JsonElement): M.GShape = when {
                Types.has(json, "z", "1") -> M.GShape.Value1.Type.read(json)
                Types.has(json, "z", "2") -> M.GShape.Value2.Type.read(json)
                else -> M.GShape.Unknown(json)
            }

            override fun write(value: M.GShape): kotlinx.serialization.json.JsonElement = when (value) {
                is M.GShape.Value1 -> M.GShape.Value1.Type.write(value)
                is M.GShape.Value2 -> M.GShape.Value2.Type.write(value)
                is M.GShape.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = M.GArgs.Type::class)
    public data class GArgs(
        public val shape: M.GShape,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<M.GArgs>("GArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): M.GArgs = M.GArgs(
                from.required("shape", M.GShape.Type),
            )

            override fun write(value: M.GArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("shape", value.shape, M.GShape.Type)
            }
        }
    }
}
