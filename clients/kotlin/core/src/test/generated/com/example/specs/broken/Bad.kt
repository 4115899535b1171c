// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.broken

import com.convexgateway.client.types.Types

/** The functions of `bad`. */
public object Bad {
    /** The query `bad:argsString`, for fakes. */
    public val argsString: com.convexgateway.client.QueryFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:argsString", Types.arguments, Types.any)

    /** A call of the query `bad:argsString`. */
    public fun argsString(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.argsString.invoke(Types.encoded(args))

    /** The query `bad:field`, for fakes. */
    public val field: com.convexgateway.client.QueryFunction<Bad.FieldArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:field", Bad.FieldArgs.Type, Types.any)

    /** A call of the query `bad:field`. */
    public fun field(o: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.field.invoke(FieldArgs(o))

    @kotlinx.serialization.Serializable(with = Bad.FieldArgs.Type::class)
    public data class FieldArgs(
        public val o: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.FieldArgs>("FieldArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.FieldArgs = Bad.FieldArgs(
                from.required("o", Types.any),
            )

            override fun write(value: Bad.FieldArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("o", value.o, Types.any)
            }
        }
    }

    /** The query `bad:literal`, for fakes. */
    public val literal: com.convexgateway.client.QueryFunction<Bad.LiteralArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:literal", Bad.LiteralArgs.Type, Types.any)

    /** A call of the query `bad:literal`. */
    public fun literal(l: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.literal.invoke(LiteralArgs(l))

    @kotlinx.serialization.Serializable(with = Bad.LiteralArgs.Type::class)
    public data class LiteralArgs(
        public val l: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.LiteralArgs>("LiteralArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.LiteralArgs = Bad.LiteralArgs(
                from.required("l", Types.any),
            )

            override fun write(value: Bad.LiteralArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("l", value.l, Types.any)
            }
        }
    }

    /** The query `bad:number`, for fakes. */
    public val number: com.convexgateway.client.QueryFunction<Bad.NumberArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:number", Bad.NumberArgs.Type, Types.any)

    /** A call of the query `bad:number`. */
    public fun number(u: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.number.invoke(NumberArgs(u))

    @kotlinx.serialization.Serializable(with = Bad.NumberArgs.Type::class)
    public data class NumberArgs(
        public val u: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.NumberArgs>("NumberArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.NumberArgs = Bad.NumberArgs(
                from.required("u", Types.any),
            )

            override fun write(value: Bad.NumberArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("u", value.u, Types.any)
            }
        }
    }

    /** The query `bad:objectText`, for fakes. */
    public val objectText: com.convexgateway.client.QueryFunction<Bad.ObjectTextArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:objectText", Bad.ObjectTextArgs.Type, Types.any)

    /** A call of the query `bad:objectText`. */
    public fun objectText(u: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.objectText.invoke(ObjectTextArgs(u))

    @kotlinx.serialization.Serializable(with = Bad.ObjectTextArgs.Type::class)
    public data class ObjectTextArgs(
        public val u: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.ObjectTextArgs>("ObjectTextArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.ObjectTextArgs = Bad.ObjectTextArgs(
                from.required("u", Types.any),
            )

            override fun write(value: Bad.ObjectTextArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("u", value.u, Types.any)
            }
        }
    }

    /** The query `bad:record`, for fakes. */
    public val record: com.convexgateway.client.QueryFunction<Bad.RecordArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:record", Bad.RecordArgs.Type, Types.any)

    /** A call of the query `bad:record`. */
    public fun record(r: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.record.invoke(RecordArgs(r))

    @kotlinx.serialization.Serializable(with = Bad.RecordArgs.Type::class)
    public data class RecordArgs(
        public val r: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.RecordArgs>("RecordArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.RecordArgs = Bad.RecordArgs(
                from.required("r", Types.any),
            )

            override fun write(value: Bad.RecordArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("r", value.r, Types.any)
            }
        }
    }

    /** The query `bad:table`, for fakes. */
    public val table: com.convexgateway.client.QueryFunction<Bad.TableArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:table", Bad.TableArgs.Type, Types.any)

    /** A call of the query `bad:table`. */
    public fun table(i: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.table.invoke(TableArgs(i))

    @kotlinx.serialization.Serializable(with = Bad.TableArgs.Type::class)
    public data class TableArgs(
        public val i: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.TableArgs>("TableArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.TableArgs = Bad.TableArgs(
                from.required("i", Types.any),
            )

            override fun write(value: Bad.TableArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("i", value.i, Types.any)
            }
        }
    }

    /** The query `bad:unionText`, for fakes. */
    public val unionText: com.convexgateway.client.QueryFunction<Bad.UnionTextArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("bad:unionText", Bad.UnionTextArgs.Type, Types.any)

    /** A call of the query `bad:unionText`. */
    public fun unionText(u: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.unionText.invoke(UnionTextArgs(u))

    @kotlinx.serialization.Serializable(with = Bad.UnionTextArgs.Type::class)
    public data class UnionTextArgs(
        public val u: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Bad.UnionTextArgs>("UnionTextArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Bad.UnionTextArgs = Bad.UnionTextArgs(
                from.required("u", Types.any),
            )

            override fun write(value: Bad.UnionTextArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("u", value.u, Types.any)
            }
        }
    }
}
