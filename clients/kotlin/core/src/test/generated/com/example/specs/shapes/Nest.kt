// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.shapes

import com.convexgateway.client.types.Types

/** The functions of `nest`. */
public object Nest {
    /** The mutation `nest:arrays`, for fakes. */
    public val arrays: com.convexgateway.client.MutationFunction<Nest.ArraysArgs, kotlin.collections.List<kotlin.collections.List<MessagesId>>>
        get() = Types.mutation("nest:arrays", Nest.ArraysArgs.Type, Types.list(Types.list(MessagesId.Type)))

    /** A call of the mutation `nest:arrays`. */
    public fun arrays(nullable: kotlin.collections.List<kotlin.String>?, ofAny: kotlin.collections.List<kotlinx.serialization.json.JsonElement>, ofNullable: kotlin.collections.List<kotlin.String?>, ofNullableObjects: kotlin.collections.List<Nest.ArraysOfNullableObjectsItem?>, ofNulls: kotlin.collections.List<kotlin.Unit>, ofObjects: kotlin.collections.List<Nest.ArraysOfObjectsItem>, ofRecords: kotlin.collections.List<kotlin.collections.Map<kotlin.String, kotlin.String>>, one: kotlin.collections.List<kotlin.String>, three: kotlin.collections.List<kotlin.collections.List<kotlin.collections.List<kotlin.Double>>>, two: kotlin.collections.List<kotlin.collections.List<kotlin.String>>, both: com.convexgateway.client.types.Field<kotlin.collections.List<kotlin.String>?> = Types.absent, maybe: kotlin.collections.List<kotlin.String>? = null): com.convexgateway.client.Mutation<kotlin.collections.List<kotlin.collections.List<MessagesId>>> =
        this.arrays.invoke(ArraysArgs(nullable, ofAny, ofNullable, ofNullableObjects, ofNulls, ofObjects, ofRecords, one, three, two, both, maybe))

    @kotlinx.serialization.Serializable(with = Nest.ArraysOfNullableObjectsItem.Type::class)
    public data class ArraysOfNullableObjectsItem(
        public val x: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.ArraysOfNullableObjectsItem>("ArraysOfNullableObjectsItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.ArraysOfNullableObjectsItem = Nest.ArraysOfNullableObjectsItem(
                from.required("x", Types.number),
            )

            override fun write(value: Nest.ArraysOfNullableObjectsItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.number)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.ArraysOfObjectsItem.Type::class)
    public data class ArraysOfObjectsItem(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.ArraysOfObjectsItem>("ArraysOfObjectsItem") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.ArraysOfObjectsItem = Nest.ArraysOfObjectsItem(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.ArraysOfObjectsItem, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.ArraysArgs.Type::class)
    public data class ArraysArgs(
        public val nullable: kotlin.collections.List<kotlin.String>?,
        public val ofAny: kotlin.collections.List<kotlinx.serialization.json.JsonElement>,
        public val ofNullable: kotlin.collections.List<kotlin.String?>,
        public val ofNullableObjects: kotlin.collections.List<Nest.ArraysOfNullableObjectsItem?>,
        public val ofNulls: kotlin.collections.List<kotlin.Unit>,
        public val ofObjects: kotlin.collections.List<Nest.ArraysOfObjectsItem>,
        public val ofRecords: kotlin.collections.List<kotlin.collections.Map<kotlin.String, kotlin.String>>,
        public val one: kotlin.collections.List<kotlin.String>,
        public val three: kotlin.collections.List<kotlin.collections.List<kotlin.collections.List<kotlin.Double>>>,
        public val two: kotlin.collections.List<kotlin.collections.List<kotlin.String>>,
        public val both: com.convexgateway.client.types.Field<kotlin.collections.List<kotlin.String>?> = Types.absent,
        public val maybe: kotlin.collections.List<kotlin.String>? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.ArraysArgs>("ArraysArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.ArraysArgs = Nest.ArraysArgs(
                from.required("nullable", Types.nullable(Types.list(Types.string))),
                from.required("ofAny", Types.list(Types.any)),
                from.required("ofNullable", Types.list(Types.nullable(Types.string))),
                from.required("ofNullableObjects", Types.list(Types.nullable(Nest.ArraysOfNullableObjectsItem.Type))),
                from.required("ofNulls", Types.list(Types.nothing)),
                from.required("ofObjects", Types.list(Nest.ArraysOfObjectsItem.Type)),
                from.required("ofRecords", Types.list(Types.record(Types.string, Types.string))),
                from.required("one", Types.list(Types.string)),
                from.required("three", Types.list(Types.list(Types.list(Types.number)))),
                from.required("two", Types.list(Types.list(Types.string))),
                from.field("both", Types.nullable(Types.list(Types.string))),
                from.optional("maybe", Types.list(Types.string)),
            )

            override fun write(value: Nest.ArraysArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("nullable", value.nullable, Types.nullable(Types.list(Types.string)))
                to.required("ofAny", value.ofAny, Types.list(Types.any))
                to.required("ofNullable", value.ofNullable, Types.list(Types.nullable(Types.string)))
                to.required("ofNullableObjects", value.ofNullableObjects, Types.list(Types.nullable(Nest.ArraysOfNullableObjectsItem.Type)))
                to.required("ofNulls", value.ofNulls, Types.list(Types.nothing))
                to.required("ofObjects", value.ofObjects, Types.list(Nest.ArraysOfObjectsItem.Type))
                to.required("ofRecords", value.ofRecords, Types.list(Types.record(Types.string, Types.string)))
                to.required("one", value.one, Types.list(Types.string))
                to.required("three", value.three, Types.list(Types.list(Types.list(Types.number))))
                to.required("two", value.two, Types.list(Types.list(Types.string)))
                to.field("both", value.both, Types.nullable(Types.list(Types.string)))
                to.optional("maybe", value.maybe, Types.list(Types.string))
            }
        }
    }

    /** The query `nest:deep`, for fakes. */
    public val deep: com.convexgateway.client.QueryFunction<kotlin.Unit, Nest.DeepResult>
        get() = Types.query("nest:deep", Types.none, Nest.DeepResult.Type)

    /** A call of the query `nest:deep`. */
    public fun deep(): com.convexgateway.client.Query<Nest.DeepResult> =
        this.deep.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15(
        public val leaf: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15(
                from.required("leaf", Types.string),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("leaf", value.leaf, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_15.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_14.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_13.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_12.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_11.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_10.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_9.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_8.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_7.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_6.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_5.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_4.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2 = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_3.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo_2.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDo.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDownDown>("DeepResultDownDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDownDown = Nest.DeepResultDownDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDownDown>("DeepResultDownDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDownDown = Nest.DeepResultDownDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDownDown.Type::class)
    public data class DeepResultDownDownDownDown(
        public val down: Nest.DeepResultDownDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDownDown>("DeepResultDownDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDownDown = Nest.DeepResultDownDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDownDown.Type::class)
    public data class DeepResultDownDownDown(
        public val down: Nest.DeepResultDownDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDownDown>("DeepResultDownDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDownDown = Nest.DeepResultDownDownDown(
                from.required("down", Nest.DeepResultDownDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDownDown.Type::class)
    public data class DeepResultDownDown(
        public val down: Nest.DeepResultDownDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDownDown>("DeepResultDownDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDownDown = Nest.DeepResultDownDown(
                from.required("down", Nest.DeepResultDownDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDownDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResultDown.Type::class)
    public data class DeepResultDown(
        public val down: Nest.DeepResultDownDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResultDown>("DeepResultDown") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResultDown = Nest.DeepResultDown(
                from.required("down", Nest.DeepResultDownDown.Type),
            )

            override fun write(value: Nest.DeepResultDown, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDownDown.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.DeepResult.Type::class)
    public data class DeepResult(
        public val down: Nest.DeepResultDown,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.DeepResult>("DeepResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.DeepResult = Nest.DeepResult(
                from.required("down", Nest.DeepResultDown.Type),
            )

            override fun write(value: Nest.DeepResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("down", value.down, Nest.DeepResultDown.Type)
            }
        }
    }

    /** The mutation `nest:literals`, for fakes. */
    public val literals: com.convexgateway.client.MutationFunction<Nest.LiteralsArgs, Nest.LiteralsResult>
        get() = Types.mutation("nest:literals", Nest.LiteralsArgs.Type, Nest.LiteralsResult.Type)

    /** A call of the mutation `nest:literals`. */
    public fun literals(bigs: Nest.LiteralsBigs, flags: kotlin.Boolean, mixed: Nest.LiteralsMixed, negativeZero: Nest.LiteralsNegativeZero, nullableWords: Nest.LiteralsNullableWords?, numbers: Nest.LiteralsNumbers, one: Nest.LiteralsOne, quoted: Nest.LiteralsQuoted, words: Nest.LiteralsWords, maybeWords: Nest.LiteralsMaybeWords? = null): com.convexgateway.client.Mutation<Nest.LiteralsResult> =
        this.literals.invoke(LiteralsArgs(bigs, flags, mixed, negativeZero, nullableWords, numbers, one, quoted, words, maybeWords))

    @kotlinx.serialization.Serializable(with = Nest.LiteralsResult.Type::class)
    public sealed interface LiteralsResult {
        public val value: kotlin.String

        public data object No : Nest.LiteralsResult {
            override val value: kotlin.String get() = "no"
        }

        public data object Yes : Nest.LiteralsResult {
            override val value: kotlin.String get() = "yes"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsResult

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsResult, kotlin.String>(
            "LiteralsResult", Types.string, { Nest.LiteralsResult.Unknown(it) }, { it.value },
            Nest.LiteralsResult.No, Nest.LiteralsResult.Yes,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsBigs.Type::class)
    public sealed interface LiteralsBigs {
        public val value: kotlin.Long

        public data object Int1 : Nest.LiteralsBigs {
            override val value: kotlin.Long get() = 1L
        }

        public data object Int2 : Nest.LiteralsBigs {
            override val value: kotlin.Long get() = 2L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : Nest.LiteralsBigs

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsBigs, kotlin.Long>(
            "LiteralsBigs", Types.int64, { Nest.LiteralsBigs.Unknown(it) }, { it.value },
            Nest.LiteralsBigs.Int1, Nest.LiteralsBigs.Int2,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsMixed.Type::class)
    public sealed interface LiteralsMixed {
        public val value: kotlin.Any

        public data object True : Nest.LiteralsMixed {
            override val value: kotlin.Any get() = true
        }

        public data object Number1 : Nest.LiteralsMixed {
            override val value: kotlin.Any get() = 1.0
        }

        public data object A : Nest.LiteralsMixed {
            override val value: kotlin.Any get() = "a"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Any) : Nest.LiteralsMixed

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsMixed, kotlin.Any>(
            "LiteralsMixed", Types.scalar, { Nest.LiteralsMixed.Unknown(it) }, { it.value },
            Nest.LiteralsMixed.True, Nest.LiteralsMixed.Number1, Nest.LiteralsMixed.A,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsNegativeZero.Type::class)
    public sealed interface LiteralsNegativeZero {
        public val value: kotlin.Double

        public data object NumberMinus0 : Nest.LiteralsNegativeZero {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Nest.LiteralsNegativeZero

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsNegativeZero, kotlin.Double>(
            "LiteralsNegativeZero", Types.number, { Nest.LiteralsNegativeZero.Unknown(it) }, { it.value },
            Nest.LiteralsNegativeZero.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsNullableWords.Type::class)
    public sealed interface LiteralsNullableWords {
        public val value: kotlin.String

        public data object High : Nest.LiteralsNullableWords {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Nest.LiteralsNullableWords {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsNullableWords

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsNullableWords, kotlin.String>(
            "LiteralsNullableWords", Types.string, { Nest.LiteralsNullableWords.Unknown(it) }, { it.value },
            Nest.LiteralsNullableWords.High, Nest.LiteralsNullableWords.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsNumbers.Type::class)
    public sealed interface LiteralsNumbers {
        public val value: kotlin.Double

        public data object Number1 : Nest.LiteralsNumbers {
            override val value: kotlin.Double get() = 1.0
        }

        public data object Number1_5 : Nest.LiteralsNumbers {
            override val value: kotlin.Double get() = 1.5
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : Nest.LiteralsNumbers

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsNumbers, kotlin.Double>(
            "LiteralsNumbers", Types.number, { Nest.LiteralsNumbers.Unknown(it) }, { it.value },
            Nest.LiteralsNumbers.Number1, Nest.LiteralsNumbers.Number1_5,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsOne.Type::class)
    public sealed interface LiteralsOne {
        public val value: kotlin.String

        public data object A : Nest.LiteralsOne {
            override val value: kotlin.String get() = "a"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsOne

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsOne, kotlin.String>(
            "LiteralsOne", Types.string, { Nest.LiteralsOne.Unknown(it) }, { it.value },
            Nest.LiteralsOne.A,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsQuoted.Type::class)
    public sealed interface LiteralsQuoted {
        public val value: kotlin.String

        public data object Value : Nest.LiteralsQuoted {
            override val value: kotlin.String get() = "\"*/ \\\u000a\u2028"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsQuoted

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsQuoted, kotlin.String>(
            "LiteralsQuoted", Types.string, { Nest.LiteralsQuoted.Unknown(it) }, { it.value },
            Nest.LiteralsQuoted.Value,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsWords.Type::class)
    public sealed interface LiteralsWords {
        public val value: kotlin.String

        public data object High : Nest.LiteralsWords {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Nest.LiteralsWords {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsWords

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsWords, kotlin.String>(
            "LiteralsWords", Types.string, { Nest.LiteralsWords.Unknown(it) }, { it.value },
            Nest.LiteralsWords.High, Nest.LiteralsWords.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsMaybeWords.Type::class)
    public sealed interface LiteralsMaybeWords {
        public val value: kotlin.String

        public data object High : Nest.LiteralsMaybeWords {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Nest.LiteralsMaybeWords {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Nest.LiteralsMaybeWords

        public object Type : com.convexgateway.client.types.LiteralType<Nest.LiteralsMaybeWords, kotlin.String>(
            "LiteralsMaybeWords", Types.string, { Nest.LiteralsMaybeWords.Unknown(it) }, { it.value },
            Nest.LiteralsMaybeWords.High, Nest.LiteralsMaybeWords.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Nest.LiteralsArgs.Type::class)
    public data class LiteralsArgs(
        public val bigs: Nest.LiteralsBigs,
        public val flags: kotlin.Boolean,
        public val mixed: Nest.LiteralsMixed,
        public val negativeZero: Nest.LiteralsNegativeZero,
        public val nullableWords: Nest.LiteralsNullableWords?,
        public val numbers: Nest.LiteralsNumbers,
        public val one: Nest.LiteralsOne,
        public val quoted: Nest.LiteralsQuoted,
        public val words: Nest.LiteralsWords,
        public val maybeWords: Nest.LiteralsMaybeWords? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.LiteralsArgs>("LiteralsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.LiteralsArgs = Nest.LiteralsArgs(
                from.required("bigs", Nest.LiteralsBigs.Type),
                from.required("flags", Types.boolean),
                from.required("mixed", Nest.LiteralsMixed.Type),
                from.required("negativeZero", Nest.LiteralsNegativeZero.Type),
                from.required("nullableWords", Types.nullable(Nest.LiteralsNullableWords.Type)),
                from.required("numbers", Nest.LiteralsNumbers.Type),
                from.required("one", Nest.LiteralsOne.Type),
                from.required("quoted", Nest.LiteralsQuoted.Type),
                from.required("words", Nest.LiteralsWords.Type),
                from.optional("maybeWords", Nest.LiteralsMaybeWords.Type),
            )

            override fun write(value: Nest.LiteralsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("bigs", value.bigs, Nest.LiteralsBigs.Type)
                to.required("flags", value.flags, Types.boolean)
                to.required("mixed", value.mixed, Nest.LiteralsMixed.Type)
                to.required("negativeZero", value.negativeZero, Nest.LiteralsNegativeZero.Type)
                to.required("nullableWords", value.nullableWords, Types.nullable(Nest.LiteralsNullableWords.Type))
                to.required("numbers", value.numbers, Nest.LiteralsNumbers.Type)
                to.required("one", value.one, Nest.LiteralsOne.Type)
                to.required("quoted", value.quoted, Nest.LiteralsQuoted.Type)
                to.required("words", value.words, Nest.LiteralsWords.Type)
                to.optional("maybeWords", value.maybeWords, Nest.LiteralsMaybeWords.Type)
            }
        }
    }

    /** The mutation `nest:presence`, for fakes. */
    public val presence: com.convexgateway.client.MutationFunction<Nest.PresenceArgs, kotlin.String?>
        get() = Types.mutation("nest:presence", Nest.PresenceArgs.Type, Types.nullable(Types.string))

    /** A call of the mutation `nest:presence`. */
    public fun presence(empty: Nest.PresenceEmpty, nullable: kotlin.String?, nullableObject: Nest.PresenceNullableObject?, `object`: Nest.PresenceObject, plain: kotlin.String, three: Nest.PresenceThree?, both: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent, bothObject: com.convexgateway.client.types.Field<Nest.PresenceBothObject?> = Types.absent, maybe: kotlin.String? = null, maybeAny: kotlinx.serialization.json.JsonElement? = null, maybeNull: kotlin.Unit? = null, maybeObject: Nest.PresenceMaybeObject? = null, maybeThree: com.convexgateway.client.types.Field<Nest.PresenceMaybeThree?> = Types.absent, time: kotlin.Long? = null): com.convexgateway.client.Mutation<kotlin.String?> =
        this.presence.invoke(PresenceArgs(empty, nullable, nullableObject, `object`, plain, three, both, bothObject, maybe, maybeAny, maybeNull, maybeObject, maybeThree, time))

    @kotlinx.serialization.Serializable(with = Nest.PresenceEmpty.Type::class)
    public data object PresenceEmpty {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceEmpty>("PresenceEmpty") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceEmpty = Nest.PresenceEmpty

            override fun write(value: Nest.PresenceEmpty, to: com.convexgateway.client.types.ObjectWriter) {
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceNullableObject.Type::class)
    public data class PresenceNullableObject(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceNullableObject>("PresenceNullableObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceNullableObject = Nest.PresenceNullableObject(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.PresenceNullableObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceObject.Type::class)
    public data class PresenceObject(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceObject>("PresenceObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceObject = Nest.PresenceObject(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.PresenceObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceThree.Type::class)
    public sealed interface PresenceThree {
        public data class NumberValue(public val value: kotlin.Double) : Nest.PresenceThree

        public data class StringValue(public val value: kotlin.String) : Nest.PresenceThree

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Nest.PresenceThree

        public object Type : com.convexgateway.client.types.ConvexType<Nest.PresenceThree>("PresenceThree") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Nest.PresenceThree = when {
                Types.isNumber(json) -> Nest.PresenceThree.NumberValue(Types.number.read(json))
                Types.isString(json) -> Nest.PresenceThree.StringValue(Types.string.read(json))
                else -> Nest.PresenceThree.Unknown(json)
            }

            override fun write(value: Nest.PresenceThree): kotlinx.serialization.json.JsonElement = when (value) {
                is Nest.PresenceThree.NumberValue -> Types.number.write(value.value)
                is Nest.PresenceThree.StringValue -> Types.string.write(value.value)
                is Nest.PresenceThree.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceBothObject.Type::class)
    public data class PresenceBothObject(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceBothObject>("PresenceBothObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceBothObject = Nest.PresenceBothObject(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.PresenceBothObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceMaybeObject.Type::class)
    public data class PresenceMaybeObject(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceMaybeObject>("PresenceMaybeObject") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceMaybeObject = Nest.PresenceMaybeObject(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.PresenceMaybeObject, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceMaybeThree.Type::class)
    public sealed interface PresenceMaybeThree {
        public data class NumberValue(public val value: kotlin.Double) : Nest.PresenceMaybeThree

        public data class StringValue(public val value: kotlin.String) : Nest.PresenceMaybeThree

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Nest.PresenceMaybeThree

        public object Type : com.convexgateway.client.types.ConvexType<Nest.PresenceMaybeThree>("PresenceMaybeThree") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Nest.PresenceMaybeThree = when {
                Types.isNumber(json) -> Nest.PresenceMaybeThree.NumberValue(Types.number.read(json))
                Types.isString(json) -> Nest.PresenceMaybeThree.StringValue(Types.string.read(json))
                else -> Nest.PresenceMaybeThree.Unknown(json)
            }

            override fun write(value: Nest.PresenceMaybeThree): kotlinx.serialization.json.JsonElement = when (value) {
                is Nest.PresenceMaybeThree.NumberValue -> Types.number.write(value.value)
                is Nest.PresenceMaybeThree.StringValue -> Types.string.write(value.value)
                is Nest.PresenceMaybeThree.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.PresenceArgs.Type::class)
    public data class PresenceArgs(
        public val empty: Nest.PresenceEmpty,
        public val nullable: kotlin.String?,
        public val nullableObject: Nest.PresenceNullableObject?,
        public val `object`: Nest.PresenceObject,
        public val plain: kotlin.String,
        public val three: Nest.PresenceThree?,
        public val both: com.convexgateway.client.types.Field<kotlin.String?> = Types.absent,
        public val bothObject: com.convexgateway.client.types.Field<Nest.PresenceBothObject?> = Types.absent,
        public val maybe: kotlin.String? = null,
        public val maybeAny: kotlinx.serialization.json.JsonElement? = null,
        public val maybeNull: kotlin.Unit? = null,
        public val maybeObject: Nest.PresenceMaybeObject? = null,
        public val maybeThree: com.convexgateway.client.types.Field<Nest.PresenceMaybeThree?> = Types.absent,
        public val time: kotlin.Long? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.PresenceArgs>("PresenceArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.PresenceArgs = Nest.PresenceArgs(
                from.required("empty", Nest.PresenceEmpty.Type),
                from.required("nullable", Types.nullable(Types.string)),
                from.required("nullableObject", Types.nullable(Nest.PresenceNullableObject.Type)),
                from.required("object", Nest.PresenceObject.Type),
                from.required("plain", Types.string),
                from.required("three", Types.nullable(Nest.PresenceThree.Type)),
                from.field("both", Types.nullable(Types.string)),
                from.field("bothObject", Types.nullable(Nest.PresenceBothObject.Type)),
                from.optional("maybe", Types.string),
                from.optional("maybeAny", Types.any),
                from.optional("maybeNull", Types.nothing),
                from.optional("maybeObject", Nest.PresenceMaybeObject.Type),
                from.field("maybeThree", Types.nullable(Nest.PresenceMaybeThree.Type)),
                from.optional("time", Types.int64),
            )

            override fun write(value: Nest.PresenceArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("empty", value.empty, Nest.PresenceEmpty.Type)
                to.required("nullable", value.nullable, Types.nullable(Types.string))
                to.required("nullableObject", value.nullableObject, Types.nullable(Nest.PresenceNullableObject.Type))
                to.required("object", value.`object`, Nest.PresenceObject.Type)
                to.required("plain", value.plain, Types.string)
                to.required("three", value.three, Types.nullable(Nest.PresenceThree.Type))
                to.field("both", value.both, Types.nullable(Types.string))
                to.field("bothObject", value.bothObject, Types.nullable(Nest.PresenceBothObject.Type))
                to.optional("maybe", value.maybe, Types.string)
                to.optional("maybeAny", value.maybeAny, Types.any)
                to.optional("maybeNull", value.maybeNull, Types.nothing)
                to.optional("maybeObject", value.maybeObject, Nest.PresenceMaybeObject.Type)
                to.field("maybeThree", value.maybeThree, Types.nullable(Nest.PresenceMaybeThree.Type))
                to.optional("time", value.time, Types.int64)
            }
        }
    }

    /** The mutation `nest:records`, for fakes. */
    public val records: com.convexgateway.client.MutationFunction<Nest.RecordsArgs, kotlin.collections.Map<kotlin.String, kotlin.collections.Map<kotlin.String, kotlin.collections.List<kotlin.String>>>>
        get() = Types.mutation("nest:records", Nest.RecordsArgs.Type, Types.record(Types.string, Types.record(Types.string, Types.list(Types.string))))

    /** A call of the mutation `nest:records`. */
    public fun records(byEither: kotlin.collections.Map<kotlin.String, kotlin.Boolean>, byId: kotlin.collections.Map<MessagesId, kotlin.String>, nullable: kotlin.collections.Map<kotlin.String, kotlin.Double>?, ofAny: kotlin.collections.Map<kotlin.String, kotlinx.serialization.json.JsonElement>, ofArrays: kotlin.collections.Map<kotlin.String, kotlin.collections.List<kotlin.Double>>, ofNullable: kotlin.collections.Map<kotlin.String, kotlin.Double?>, ofObjects: kotlin.collections.Map<kotlin.String, Nest.RecordsOfObjectsValue>, ofRecords: kotlin.collections.Map<kotlin.String, kotlin.collections.Map<kotlin.String, kotlin.Double>>, one: kotlin.collections.Map<kotlin.String, kotlin.Double>, both: com.convexgateway.client.types.Field<kotlin.collections.Map<kotlin.String, kotlin.Double>?> = Types.absent, maybe: kotlin.collections.Map<kotlin.String, kotlin.Double>? = null): com.convexgateway.client.Mutation<kotlin.collections.Map<kotlin.String, kotlin.collections.Map<kotlin.String, kotlin.collections.List<kotlin.String>>>> =
        this.records.invoke(RecordsArgs(byEither, byId, nullable, ofAny, ofArrays, ofNullable, ofObjects, ofRecords, one, both, maybe))

    @kotlinx.serialization.Serializable(with = Nest.RecordsOfObjectsValue.Type::class)
    public data class RecordsOfObjectsValue(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.RecordsOfObjectsValue>("RecordsOfObjectsValue") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.RecordsOfObjectsValue = Nest.RecordsOfObjectsValue(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.RecordsOfObjectsValue, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.RecordsArgs.Type::class)
    public data class RecordsArgs(
        public val byEither: kotlin.collections.Map<kotlin.String, kotlin.Boolean>,
        public val byId: kotlin.collections.Map<MessagesId, kotlin.String>,
        public val nullable: kotlin.collections.Map<kotlin.String, kotlin.Double>?,
        public val ofAny: kotlin.collections.Map<kotlin.String, kotlinx.serialization.json.JsonElement>,
        public val ofArrays: kotlin.collections.Map<kotlin.String, kotlin.collections.List<kotlin.Double>>,
        public val ofNullable: kotlin.collections.Map<kotlin.String, kotlin.Double?>,
        public val ofObjects: kotlin.collections.Map<kotlin.String, Nest.RecordsOfObjectsValue>,
        public val ofRecords: kotlin.collections.Map<kotlin.String, kotlin.collections.Map<kotlin.String, kotlin.Double>>,
        public val one: kotlin.collections.Map<kotlin.String, kotlin.Double>,
        public val both: com.convexgateway.client.types.Field<kotlin.collections.Map<kotlin.String, kotlin.Double>?> = Types.absent,
        public val maybe: kotlin.collections.Map<kotlin.String, kotlin.Double>? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.RecordsArgs>("RecordsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.RecordsArgs = Nest.RecordsArgs(
                from.required("byEither", Types.record(Types.string, Types.boolean)),
                from.required("byId", Types.record(MessagesId.Type, Types.string)),
                from.required("nullable", Types.nullable(Types.record(Types.string, Types.number))),
                from.required("ofAny", Types.record(Types.string, Types.any)),
                from.required("ofArrays", Types.record(Types.string, Types.list(Types.number))),
                from.required("ofNullable", Types.record(Types.string, Types.nullable(Types.number))),
                from.required("ofObjects", Types.record(Types.string, Nest.RecordsOfObjectsValue.Type)),
                from.required("ofRecords", Types.record(Types.string, Types.record(Types.string, Types.number))),
                from.required("one", Types.record(Types.string, Types.number)),
                from.field("both", Types.nullable(Types.record(Types.string, Types.number))),
                from.optional("maybe", Types.record(Types.string, Types.number)),
            )

            override fun write(value: Nest.RecordsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("byEither", value.byEither, Types.record(Types.string, Types.boolean))
                to.required("byId", value.byId, Types.record(MessagesId.Type, Types.string))
                to.required("nullable", value.nullable, Types.nullable(Types.record(Types.string, Types.number)))
                to.required("ofAny", value.ofAny, Types.record(Types.string, Types.any))
                to.required("ofArrays", value.ofArrays, Types.record(Types.string, Types.list(Types.number)))
                to.required("ofNullable", value.ofNullable, Types.record(Types.string, Types.nullable(Types.number)))
                to.required("ofObjects", value.ofObjects, Types.record(Types.string, Nest.RecordsOfObjectsValue.Type))
                to.required("ofRecords", value.ofRecords, Types.record(Types.string, Types.record(Types.string, Types.number)))
                to.required("one", value.one, Types.record(Types.string, Types.number))
                to.field("both", value.both, Types.nullable(Types.record(Types.string, Types.number)))
                to.optional("maybe", value.maybe, Types.record(Types.string, Types.number))
            }
        }
    }

    /** The query `nest:unions`, for fakes. */
    public val unions: com.convexgateway.client.QueryFunction<Nest.UnionsArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("nest:unions", Nest.UnionsArgs.Type, Types.any)

    /** A call of the query `nest:unions`. */
    public fun unions(doubled: Nest.UnionsDoubled?, nested: Nest.UnionsNested?, none: kotlinx.serialization.json.JsonElement, single: kotlin.String, withAny: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.unions.invoke(UnionsArgs(doubled, nested, none, single, withAny))

    @kotlinx.serialization.Serializable(with = Nest.UnionsDoubled.Type::class)
    public data class UnionsDoubled(
        public val x: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.UnionsDoubled>("UnionsDoubled") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.UnionsDoubled = Nest.UnionsDoubled(
                from.required("x", Types.string),
            )

            override fun write(value: Nest.UnionsDoubled, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("x", value.x, Types.string)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.UnionsNested.Type::class)
    public sealed interface UnionsNested {
        public data class NumberValue(public val value: kotlin.Double) : Nest.UnionsNested

        public data class StringValue(public val value: kotlin.String) : Nest.UnionsNested

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : Nest.UnionsNested

        public object Type : com.convexgateway.client.types.ConvexType<Nest.UnionsNested>("UnionsNested") {
            override fun read(json: kotlinx.serialization.json.JsonElement): Nest.UnionsNested = when {
                Types.isNumber(json) -> Nest.UnionsNested.NumberValue(Types.number.read(json))
                Types.isString(json) -> Nest.UnionsNested.StringValue(Types.string.read(json))
                else -> Nest.UnionsNested.Unknown(json)
            }

            override fun write(value: Nest.UnionsNested): kotlinx.serialization.json.JsonElement = when (value) {
                is Nest.UnionsNested.NumberValue -> Types.number.write(value.value)
                is Nest.UnionsNested.StringValue -> Types.string.write(value.value)
                is Nest.UnionsNested.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Nest.UnionsArgs.Type::class)
    public data class UnionsArgs(
        public val doubled: Nest.UnionsDoubled?,
        public val nested: Nest.UnionsNested?,
        /** No value is valid here. */
        public val none: kotlinx.serialization.json.JsonElement,
        public val single: kotlin.String,
        public val withAny: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Nest.UnionsArgs>("UnionsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Nest.UnionsArgs = Nest.UnionsArgs(
                from.required("doubled", Types.nullable(Nest.UnionsDoubled.Type)),
                from.required("nested", Types.nullable(Nest.UnionsNested.Type)),
                from.required("none", Types.any),
                from.required("single", Types.string),
                from.required("withAny", Types.any),
            )

            override fun write(value: Nest.UnionsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("doubled", value.doubled, Types.nullable(Nest.UnionsDoubled.Type))
                to.required("nested", value.nested, Types.nullable(Nest.UnionsNested.Type))
                to.required("none", value.none, Types.any)
                to.required("single", value.single, Types.string)
                to.required("withAny", value.withAny, Types.any)
            }
        }
    }
}
