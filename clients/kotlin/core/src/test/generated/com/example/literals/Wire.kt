// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.literals

import com.convexgateway.client.types.Types

/** The functions of `wire`. */
public object Wire {
    /** The mutation `wire:all`, for fakes. */
    public val all: com.convexgateway.client.MutationFunction<Wire.AllArgs, Wire.AllResult>
        get() = Types.mutation("wire:all", Wire.AllArgs.Type, Wire.AllResult.Type)

    /** A call of the mutation `wire:all`. */
    public fun all(flags: kotlin.Boolean, half: Wire.AllHalf, huge: Wire.AllHuge, least: Wire.AllLeast, longs: Wire.AllLongs, minusZero: Wire.AllMinusZero, mixed: Wire.AllMixed?, numbers: Wire.AllNumbers, one: Wire.AllOne, three: Wire.AllThree, yes: Wire.AllYes): com.convexgateway.client.Mutation<Wire.AllResult> =
        this.all.invoke(AllArgs(flags, half, huge, least, longs, minusZero, mixed, numbers, one, three, yes))

    @kotlinx.serialization.Serializable(with = Wire.AllResultHalf.Type::class)
    public sealed interface AllResultHalf {
        public val value: kotlin.Double

        public data object Number1_5 : Wire.AllResultHalf {
            override val value: kotlin.Double get() = 1.5
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllResultHalf

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultHalf, kotlin.Double>(
            "AllResultHalf", Types.number, { Wire.AllResultHalf.Unknown(it) }, { it.value },
            Wire.AllResultHalf.Number1_5,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultHuge.Type::class)
    public sealed interface AllResultHuge {
        public val value: kotlin.Double

        public data object Number1e300 : Wire.AllResultHuge {
            override val value: kotlin.Double get() = 1e+300
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllResultHuge

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultHuge, kotlin.Double>(
            "AllResultHuge", Types.number, { Wire.AllResultHuge.Unknown(it) }, { it.value },
            Wire.AllResultHuge.Number1e300,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultLeast.Type::class)
    public sealed interface AllResultLeast {
        public val value: kotlin.Long

        public data object IntMinus9223372036854775808 : Wire.AllResultLeast {
            override val value: kotlin.Long get() = (-9223372036854775807L - 1L)
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllResultLeast

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultLeast, kotlin.Long>(
            "AllResultLeast", Types.int64, { Wire.AllResultLeast.Unknown(it) }, { it.value },
            Wire.AllResultLeast.IntMinus9223372036854775808,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultLongs.Type::class)
    public sealed interface AllResultLongs {
        public val value: kotlin.Long

        public data object IntMinus1 : Wire.AllResultLongs {
            override val value: kotlin.Long get() = -1L
        }

        public data object Int3 : Wire.AllResultLongs {
            override val value: kotlin.Long get() = 3L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllResultLongs

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultLongs, kotlin.Long>(
            "AllResultLongs", Types.int64, { Wire.AllResultLongs.Unknown(it) }, { it.value },
            Wire.AllResultLongs.IntMinus1, Wire.AllResultLongs.Int3,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultMinusZero.Type::class)
    public sealed interface AllResultMinusZero {
        public val value: kotlin.Double

        public data object NumberMinus0 : Wire.AllResultMinusZero {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllResultMinusZero

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultMinusZero, kotlin.Double>(
            "AllResultMinusZero", Types.number, { Wire.AllResultMinusZero.Unknown(it) }, { it.value },
            Wire.AllResultMinusZero.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultMixed.Type::class)
    public sealed interface AllResultMixed {
        public val value: kotlin.Any

        public data object True : Wire.AllResultMixed {
            override val value: kotlin.Any get() = true
        }

        public data object Number1 : Wire.AllResultMixed {
            override val value: kotlin.Any get() = 1.0
        }

        public data object Int1 : Wire.AllResultMixed {
            override val value: kotlin.Any get() = 1L
        }

        public data object Value1 : Wire.AllResultMixed {
            override val value: kotlin.Any get() = "1"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Any) : Wire.AllResultMixed

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultMixed, kotlin.Any>(
            "AllResultMixed", Types.scalar, { Wire.AllResultMixed.Unknown(it) }, { it.value },
            Wire.AllResultMixed.True, Wire.AllResultMixed.Number1, Wire.AllResultMixed.Int1, Wire.AllResultMixed.Value1,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultNumbers.Type::class)
    public sealed interface AllResultNumbers {
        public val value: kotlin.Double

        public data object Number0 : Wire.AllResultNumbers {
            override val value: kotlin.Double get() = 0.0
        }

        public data object Number1 : Wire.AllResultNumbers {
            override val value: kotlin.Double get() = 1.0
        }

        public data object Number1_5 : Wire.AllResultNumbers {
            override val value: kotlin.Double get() = 1.5
        }

        public data object NumberMinus0 : Wire.AllResultNumbers {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllResultNumbers

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultNumbers, kotlin.Double>(
            "AllResultNumbers", Types.number, { Wire.AllResultNumbers.Unknown(it) }, { it.value },
            Wire.AllResultNumbers.Number0, Wire.AllResultNumbers.Number1, Wire.AllResultNumbers.Number1_5, Wire.AllResultNumbers.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultOne.Type::class)
    public sealed interface AllResultOne {
        public val value: kotlin.Double

        public data object Number1 : Wire.AllResultOne {
            override val value: kotlin.Double get() = 1.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllResultOne

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultOne, kotlin.Double>(
            "AllResultOne", Types.number, { Wire.AllResultOne.Unknown(it) }, { it.value },
            Wire.AllResultOne.Number1,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultThree.Type::class)
    public sealed interface AllResultThree {
        public val value: kotlin.Long

        public data object Int3 : Wire.AllResultThree {
            override val value: kotlin.Long get() = 3L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllResultThree

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultThree, kotlin.Long>(
            "AllResultThree", Types.int64, { Wire.AllResultThree.Unknown(it) }, { it.value },
            Wire.AllResultThree.Int3,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResultYes.Type::class)
    public sealed interface AllResultYes {
        public val value: kotlin.Boolean

        public data object True : Wire.AllResultYes {
            override val value: kotlin.Boolean get() = true
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Boolean) : Wire.AllResultYes

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllResultYes, kotlin.Boolean>(
            "AllResultYes", Types.boolean, { Wire.AllResultYes.Unknown(it) }, { it.value },
            Wire.AllResultYes.True,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllResult.Type::class)
    public data class AllResult(
        public val flags: kotlin.Boolean,
        public val half: Wire.AllResultHalf,
        public val huge: Wire.AllResultHuge,
        public val least: Wire.AllResultLeast,
        public val longs: Wire.AllResultLongs,
        public val minusZero: Wire.AllResultMinusZero,
        public val mixed: Wire.AllResultMixed?,
        public val numbers: Wire.AllResultNumbers,
        public val one: Wire.AllResultOne,
        public val three: Wire.AllResultThree,
        public val yes: Wire.AllResultYes,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Wire.AllResult>("AllResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.AllResult = Wire.AllResult(
                from.required("flags", Types.boolean),
                from.required("half", Wire.AllResultHalf.Type),
                from.required("huge", Wire.AllResultHuge.Type),
                from.required("least", Wire.AllResultLeast.Type),
                from.required("longs", Wire.AllResultLongs.Type),
                from.required("minusZero", Wire.AllResultMinusZero.Type),
                from.required("mixed", Types.nullable(Wire.AllResultMixed.Type)),
                from.required("numbers", Wire.AllResultNumbers.Type),
                from.required("one", Wire.AllResultOne.Type),
                from.required("three", Wire.AllResultThree.Type),
                from.required("yes", Wire.AllResultYes.Type),
            )

            override fun write(value: Wire.AllResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("flags", value.flags, Types.boolean)
                to.required("half", value.half, Wire.AllResultHalf.Type)
                to.required("huge", value.huge, Wire.AllResultHuge.Type)
                to.required("least", value.least, Wire.AllResultLeast.Type)
                to.required("longs", value.longs, Wire.AllResultLongs.Type)
                to.required("minusZero", value.minusZero, Wire.AllResultMinusZero.Type)
                to.required("mixed", value.mixed, Types.nullable(Wire.AllResultMixed.Type))
                to.required("numbers", value.numbers, Wire.AllResultNumbers.Type)
                to.required("one", value.one, Wire.AllResultOne.Type)
                to.required("three", value.three, Wire.AllResultThree.Type)
                to.required("yes", value.yes, Wire.AllResultYes.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Wire.AllHalf.Type::class)
    public sealed interface AllHalf {
        public val value: kotlin.Double

        public data object Number1_5 : Wire.AllHalf {
            override val value: kotlin.Double get() = 1.5
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllHalf

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllHalf, kotlin.Double>(
            "AllHalf", Types.number, { Wire.AllHalf.Unknown(it) }, { it.value },
            Wire.AllHalf.Number1_5,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllHuge.Type::class)
    public sealed interface AllHuge {
        public val value: kotlin.Double

        public data object Number1e300 : Wire.AllHuge {
            override val value: kotlin.Double get() = 1e+300
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllHuge

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllHuge, kotlin.Double>(
            "AllHuge", Types.number, { Wire.AllHuge.Unknown(it) }, { it.value },
            Wire.AllHuge.Number1e300,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllLeast.Type::class)
    public sealed interface AllLeast {
        public val value: kotlin.Long

        public data object IntMinus9223372036854775808 : Wire.AllLeast {
            override val value: kotlin.Long get() = (-9223372036854775807L - 1L)
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllLeast

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllLeast, kotlin.Long>(
            "AllLeast", Types.int64, { Wire.AllLeast.Unknown(it) }, { it.value },
            Wire.AllLeast.IntMinus9223372036854775808,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllLongs.Type::class)
    public sealed interface AllLongs {
        public val value: kotlin.Long

        public data object IntMinus1 : Wire.AllLongs {
            override val value: kotlin.Long get() = -1L
        }

        public data object Int3 : Wire.AllLongs {
            override val value: kotlin.Long get() = 3L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllLongs

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllLongs, kotlin.Long>(
            "AllLongs", Types.int64, { Wire.AllLongs.Unknown(it) }, { it.value },
            Wire.AllLongs.IntMinus1, Wire.AllLongs.Int3,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllMinusZero.Type::class)
    public sealed interface AllMinusZero {
        public val value: kotlin.Double

        public data object NumberMinus0 : Wire.AllMinusZero {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllMinusZero

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllMinusZero, kotlin.Double>(
            "AllMinusZero", Types.number, { Wire.AllMinusZero.Unknown(it) }, { it.value },
            Wire.AllMinusZero.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllMixed.Type::class)
    public sealed interface AllMixed {
        public val value: kotlin.Any

        public data object True : Wire.AllMixed {
            override val value: kotlin.Any get() = true
        }

        public data object Number1 : Wire.AllMixed {
            override val value: kotlin.Any get() = 1.0
        }

        public data object Int1 : Wire.AllMixed {
            override val value: kotlin.Any get() = 1L
        }

        public data object Value1 : Wire.AllMixed {
            override val value: kotlin.Any get() = "1"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Any) : Wire.AllMixed

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllMixed, kotlin.Any>(
            "AllMixed", Types.scalar, { Wire.AllMixed.Unknown(it) }, { it.value },
            Wire.AllMixed.True, Wire.AllMixed.Number1, Wire.AllMixed.Int1, Wire.AllMixed.Value1,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllNumbers.Type::class)
    public sealed interface AllNumbers {
        public val value: kotlin.Double

        public data object Number0 : Wire.AllNumbers {
            override val value: kotlin.Double get() = 0.0
        }

        public data object Number1 : Wire.AllNumbers {
            override val value: kotlin.Double get() = 1.0
        }

        public data object Number1_5 : Wire.AllNumbers {
            override val value: kotlin.Double get() = 1.5
        }

        public data object NumberMinus0 : Wire.AllNumbers {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllNumbers

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllNumbers, kotlin.Double>(
            "AllNumbers", Types.number, { Wire.AllNumbers.Unknown(it) }, { it.value },
            Wire.AllNumbers.Number0, Wire.AllNumbers.Number1, Wire.AllNumbers.Number1_5, Wire.AllNumbers.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllOne.Type::class)
    public sealed interface AllOne {
        public val value: kotlin.Double

        public data object Number1 : Wire.AllOne {
            override val value: kotlin.Double get() = 1.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Wire.AllOne

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllOne, kotlin.Double>(
            "AllOne", Types.number, { Wire.AllOne.Unknown(it) }, { it.value },
            Wire.AllOne.Number1,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllThree.Type::class)
    public sealed interface AllThree {
        public val value: kotlin.Long

        public data object Int3 : Wire.AllThree {
            override val value: kotlin.Long get() = 3L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Wire.AllThree

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllThree, kotlin.Long>(
            "AllThree", Types.int64, { Wire.AllThree.Unknown(it) }, { it.value },
            Wire.AllThree.Int3,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllYes.Type::class)
    public sealed interface AllYes {
        public val value: kotlin.Boolean

        public data object True : Wire.AllYes {
            override val value: kotlin.Boolean get() = true
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Boolean) : Wire.AllYes

        public object Type : com.convexgateway.client.types.LiteralType<Wire.AllYes, kotlin.Boolean>(
            "AllYes", Types.boolean, { Wire.AllYes.Unknown(it) }, { it.value },
            Wire.AllYes.True,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.AllArgs.Type::class)
    public data class AllArgs(
        public val flags: kotlin.Boolean,
        public val half: Wire.AllHalf,
        public val huge: Wire.AllHuge,
        public val least: Wire.AllLeast,
        public val longs: Wire.AllLongs,
        public val minusZero: Wire.AllMinusZero,
        public val mixed: Wire.AllMixed?,
        public val numbers: Wire.AllNumbers,
        public val one: Wire.AllOne,
        public val three: Wire.AllThree,
        public val yes: Wire.AllYes,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Wire.AllArgs>("AllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.AllArgs = Wire.AllArgs(
                from.required("flags", Types.boolean),
                from.required("half", Wire.AllHalf.Type),
                from.required("huge", Wire.AllHuge.Type),
                from.required("least", Wire.AllLeast.Type),
                from.required("longs", Wire.AllLongs.Type),
                from.required("minusZero", Wire.AllMinusZero.Type),
                from.required("mixed", Types.nullable(Wire.AllMixed.Type)),
                from.required("numbers", Wire.AllNumbers.Type),
                from.required("one", Wire.AllOne.Type),
                from.required("three", Wire.AllThree.Type),
                from.required("yes", Wire.AllYes.Type),
            )

            override fun write(value: Wire.AllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("flags", value.flags, Types.boolean)
                to.required("half", value.half, Wire.AllHalf.Type)
                to.required("huge", value.huge, Wire.AllHuge.Type)
                to.required("least", value.least, Wire.AllLeast.Type)
                to.required("longs", value.longs, Wire.AllLongs.Type)
                to.required("minusZero", value.minusZero, Wire.AllMinusZero.Type)
                to.required("mixed", value.mixed, Types.nullable(Wire.AllMixed.Type))
                to.required("numbers", value.numbers, Wire.AllNumbers.Type)
                to.required("one", value.one, Wire.AllOne.Type)
                to.required("three", value.three, Wire.AllThree.Type)
                to.required("yes", value.yes, Wire.AllYes.Type)
            }
        }
    }

    /** The mutation `wire:tagged`, for fakes. */
    public val tagged: com.convexgateway.client.MutationFunction<Wire.TaggedArgs, Wire.TaggedResult>
        get() = Types.mutation("wire:tagged", Wire.TaggedArgs.Type, Wire.TaggedResult.Type)

    /** A call of the mutation `wire:tagged`. */
    public fun tagged(shapes: kotlin.collections.List<Wire.TaggedShapesItem>): com.convexgateway.client.Mutation<Wire.TaggedResult> =
        this.tagged.invoke(TaggedArgs(shapes))

    @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItemXTag.Type::class)
    public sealed interface TaggedResultShapesItemXTag {
        public val value: kotlin.String

        public data object X : Wire.TaggedResultShapesItemXTag {
            override val value: kotlin.String get() = "x"
        }

        public data object Y : Wire.TaggedResultShapesItemXTag {
            override val value: kotlin.String get() = "y"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Wire.TaggedResultShapesItemXTag

        public object Type : com.convexgateway.client.types.LiteralType<Wire.TaggedResultShapesItemXTag, kotlin.String>(
            "TaggedResultShapesItemXTag", Types.string, { Wire.TaggedResultShapesItemXTag.Unknown(it) }, { it.value },
            Wire.TaggedResultShapesItemXTag.X, Wire.TaggedResultShapesItemXTag.Y,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.Type::class)
    public sealed interface TaggedResultShapesItem {
        @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.True.Type::class)
        public data object True : Wire.TaggedResultShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResultShapesItem.True>("True") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResultShapesItem.True = Wire.TaggedResultShapesItem.True

                override fun write(value: Wire.TaggedResultShapesItem.True, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", true)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.Number1.Type::class)
        public data class Number1(
            public val a: kotlin.String,
        ) : Wire.TaggedResultShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResultShapesItem.Number1>("Number1") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResultShapesItem.Number1 = Wire.TaggedResultShapesItem.Number1(
                    from.required("a", Types.string),
                )

                override fun write(value: Wire.TaggedResultShapesItem.Number1, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", 1.0)
                    to.required("a", value.a, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.NumberMinus0.Type::class)
        public data class NumberMinus0(
            public val c: kotlin.String? = null,
        ) : Wire.TaggedResultShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResultShapesItem.NumberMinus0>("NumberMinus0") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResultShapesItem.NumberMinus0 = Wire.TaggedResultShapesItem.NumberMinus0(
                    from.optional("c", Types.string),
                )

                override fun write(value: Wire.TaggedResultShapesItem.NumberMinus0, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", -0.0)
                    to.optional("c", value.c, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.Int1.Type::class)
        public data class Int1(
            public val b: kotlin.String,
        ) : Wire.TaggedResultShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResultShapesItem.Int1>("Int1") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResultShapesItem.Int1 = Wire.TaggedResultShapesItem.Int1(
                    from.required("b", Types.string),
                )

                override fun write(value: Wire.TaggedResultShapesItem.Int1, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", 1L)
                    to.required("b", value.b, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedResultShapesItem.X.Type::class)
        public data class X(
            public val d: kotlin.String,
            public val tag: Wire.TaggedResultShapesItemXTag,
        ) : Wire.TaggedResultShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResultShapesItem.X>("X") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResultShapesItem.X = Wire.TaggedResultShapesItem.X(
                    from.required("d", Types.string),
                    from.required("tag", Wire.TaggedResultShapesItemXTag.Type),
                )

                override fun write(value: Wire.TaggedResultShapesItem.X, to: com.convexgateway.client.types.ObjectWriter) {
                    to.required("d", value.d, Types.string)
                    to.required("tag", value.tag, Wire.TaggedResultShapesItemXTag.Type)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Wire.TaggedResultShapesItem

        public object Type : com.convexgateway.client.types.ConvexType<Wire.TaggedResultShapesItem>("TaggedResultShapesItem") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Wire.TaggedResultShapesItem = when {
                Types.has(json, "tag", true) -> Wire.TaggedResultShapesItem.True.Type.read(json)
                Types.has(json, "tag", 1.0) -> Wire.TaggedResultShapesItem.Number1.Type.read(json)
                Types.has(json, "tag", -0.0) -> Wire.TaggedResultShapesItem.NumberMinus0.Type.read(json)
                Types.has(json, "tag", 1L) -> Wire.TaggedResultShapesItem.Int1.Type.read(json)
                Types.has(json, "tag", "x") || Types.has(json, "tag", "y") -> Wire.TaggedResultShapesItem.X.Type.read(json)
                else -> Wire.TaggedResultShapesItem.Unknown(json)
            }

            override fun write(value: Wire.TaggedResultShapesItem): kotlinx.serialization.json.JsonElement = when (value) {
                is Wire.TaggedResultShapesItem.True -> Wire.TaggedResultShapesItem.True.Type.write(value)
                is Wire.TaggedResultShapesItem.Number1 -> Wire.TaggedResultShapesItem.Number1.Type.write(value)
                is Wire.TaggedResultShapesItem.NumberMinus0 -> Wire.TaggedResultShapesItem.NumberMinus0.Type.write(value)
                is Wire.TaggedResultShapesItem.Int1 -> Wire.TaggedResultShapesItem.Int1.Type.write(value)
                is Wire.TaggedResultShapesItem.X -> Wire.TaggedResultShapesItem.X.Type.write(value)
                is Wire.TaggedResultShapesItem.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Wire.TaggedResult.Type::class)
    public data class TaggedResult(
        public val shapes: kotlin.collections.List<Wire.TaggedResultShapesItem>,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedResult>("TaggedResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedResult = Wire.TaggedResult(
                from.required("shapes", Types.list(Wire.TaggedResultShapesItem.Type)),
            )

            override fun write(value: Wire.TaggedResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("shapes", value.shapes, Types.list(Wire.TaggedResultShapesItem.Type))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItemXTag.Type::class)
    public sealed interface TaggedShapesItemXTag {
        public val value: kotlin.String

        public data object X : Wire.TaggedShapesItemXTag {
            override val value: kotlin.String get() = "x"
        }

        public data object Y : Wire.TaggedShapesItemXTag {
            override val value: kotlin.String get() = "y"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Wire.TaggedShapesItemXTag

        public object Type : com.convexgateway.client.types.LiteralType<Wire.TaggedShapesItemXTag, kotlin.String>(
            "TaggedShapesItemXTag", Types.string, { Wire.TaggedShapesItemXTag.Unknown(it) }, { it.value },
            Wire.TaggedShapesItemXTag.X, Wire.TaggedShapesItemXTag.Y,
        )
    }

    @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.Type::class)
    public sealed interface TaggedShapesItem {
        @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.True.Type::class)
        public data object True : Wire.TaggedShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedShapesItem.True>("True") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedShapesItem.True = Wire.TaggedShapesItem.True

                override fun write(value: Wire.TaggedShapesItem.True, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", true)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.Number1.Type::class)
        public data class Number1(
            public val a: kotlin.String,
        ) : Wire.TaggedShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedShapesItem.Number1>("Number1") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedShapesItem.Number1 = Wire.TaggedShapesItem.Number1(
                    from.required("a", Types.string),
                )

                override fun write(value: Wire.TaggedShapesItem.Number1, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", 1.0)
                    to.required("a", value.a, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.NumberMinus0.Type::class)
        public data class NumberMinus0(
            public val c: kotlin.String? = null,
        ) : Wire.TaggedShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedShapesItem.NumberMinus0>("NumberMinus0") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedShapesItem.NumberMinus0 = Wire.TaggedShapesItem.NumberMinus0(
                    from.optional("c", Types.string),
                )

                override fun write(value: Wire.TaggedShapesItem.NumberMinus0, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", -0.0)
                    to.optional("c", value.c, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.Int1.Type::class)
        public data class Int1(
            public val b: kotlin.String,
        ) : Wire.TaggedShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedShapesItem.Int1>("Int1") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedShapesItem.Int1 = Wire.TaggedShapesItem.Int1(
                    from.required("b", Types.string),
                )

                override fun write(value: Wire.TaggedShapesItem.Int1, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("tag", 1L)
                    to.required("b", value.b, Types.string)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = Wire.TaggedShapesItem.X.Type::class)
        public data class X(
            public val d: kotlin.String,
            public val tag: Wire.TaggedShapesItemXTag,
        ) : Wire.TaggedShapesItem {
            public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedShapesItem.X>("X") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedShapesItem.X = Wire.TaggedShapesItem.X(
                    from.required("d", Types.string),
                    from.required("tag", Wire.TaggedShapesItemXTag.Type),
                )

                override fun write(value: Wire.TaggedShapesItem.X, to: com.convexgateway.client.types.ObjectWriter) {
                    to.required("d", value.d, Types.string)
                    to.required("tag", value.tag, Wire.TaggedShapesItemXTag.Type)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Wire.TaggedShapesItem

        public object Type : com.convexgateway.client.types.ConvexType<Wire.TaggedShapesItem>("TaggedShapesItem") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Wire.TaggedShapesItem = when {
                Types.has(json, "tag", true) -> Wire.TaggedShapesItem.True.Type.read(json)
                Types.has(json, "tag", 1.0) -> Wire.TaggedShapesItem.Number1.Type.read(json)
                Types.has(json, "tag", -0.0) -> Wire.TaggedShapesItem.NumberMinus0.Type.read(json)
                Types.has(json, "tag", 1L) -> Wire.TaggedShapesItem.Int1.Type.read(json)
                Types.has(json, "tag", "x") || Types.has(json, "tag", "y") -> Wire.TaggedShapesItem.X.Type.read(json)
                else -> Wire.TaggedShapesItem.Unknown(json)
            }

            override fun write(value: Wire.TaggedShapesItem): kotlinx.serialization.json.JsonElement = when (value) {
                is Wire.TaggedShapesItem.True -> Wire.TaggedShapesItem.True.Type.write(value)
                is Wire.TaggedShapesItem.Number1 -> Wire.TaggedShapesItem.Number1.Type.write(value)
                is Wire.TaggedShapesItem.NumberMinus0 -> Wire.TaggedShapesItem.NumberMinus0.Type.write(value)
                is Wire.TaggedShapesItem.Int1 -> Wire.TaggedShapesItem.Int1.Type.write(value)
                is Wire.TaggedShapesItem.X -> Wire.TaggedShapesItem.X.Type.write(value)
                is Wire.TaggedShapesItem.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Wire.TaggedArgs.Type::class)
    public data class TaggedArgs(
        public val shapes: kotlin.collections.List<Wire.TaggedShapesItem>,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Wire.TaggedArgs>("TaggedArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Wire.TaggedArgs = Wire.TaggedArgs(
                from.required("shapes", Types.list(Wire.TaggedShapesItem.Type)),
            )

            override fun write(value: Wire.TaggedArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("shapes", value.shapes, Types.list(Wire.TaggedShapesItem.Type))
            }
        }
    }
}
