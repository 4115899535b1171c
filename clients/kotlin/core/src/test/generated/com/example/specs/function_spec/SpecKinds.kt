// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `spec/kinds`. */
public object SpecKinds {
    /** The query `spec/kinds:all`, for fakes. */
    public val all: com.convexgateway.client.QueryFunction<SpecKinds.AllArgs, SpecKinds.AllResult>
        get() = Types.query("spec/kinds:all", SpecKinds.AllArgs.Type, SpecKinds.AllResult.Type)

    /** A call of the query `spec/kinds:all`. */
    public fun all(a: kotlinx.serialization.json.JsonElement, arr: kotlin.collections.List<kotlin.collections.List<kotlin.String>>, b: kotlin.Boolean, bi: kotlin.Long, by: com.convexgateway.client.types.Bytes, cts: kotlin.Long, disc: SpecKinds.AllDisc, f: kotlin.Double, i: kotlin.Long, id: MessagesId, lb: SpecKinds.AllLb, li: SpecKinds.AllLi, ln: SpecKinds.AllLn, lnz: SpecKinds.AllLnz, ls: SpecKinds.AllLs, n: kotlin.Double, nul: kotlin.Unit, nullable: kotlin.String?, obj: SpecKinds.AllObj, recId: kotlin.collections.Map<MessagesId, kotlinx.serialization.json.JsonElement>, recS: kotlin.collections.Map<kotlin.String, kotlin.Double>, recU: kotlin.collections.Map<kotlin.String, kotlin.Boolean>, s: kotlin.String, sched: ScheduledFunctionsId, sid: StorageId, un: SpecKinds.AllUn, un1: kotlin.String, unE: kotlinx.serialization.json.JsonElement, opt: kotlin.String? = null, optAny: kotlinx.serialization.json.JsonElement? = null, optU: com.convexgateway.client.types.Field<kotlin.Double?> = Types.absent): com.convexgateway.client.Query<SpecKinds.AllResult> =
        this.all.invoke(AllArgs(a, arr, b, bi, by, cts, disc, f, i, id, lb, li, ln, lnz, ls, n, nul, nullable, obj, recId, recS, recU, s, sched, sid, un, un1, unE, opt, optAny, optU))

    @kotlinx.serialization.Serializable(with = SpecKinds.AllResult.Type::class)
    public data class AllResult(
        public val y: kotlin.collections.List<kotlinx.serialization.json.JsonElement>?,
        public val x: MessagesId? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllResult>("AllResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllResult = SpecKinds.AllResult(
                from.required("y", Types.nullable(Types.list(Types.any))),
                from.optional("x", MessagesId.Type),
            )

            override fun write(value: SpecKinds.AllResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("y", value.y, Types.nullable(Types.list(Types.any)))
                to.optional("x", value.x, MessagesId.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllDisc.Type::class)
    public sealed interface AllDisc {
        @kotlinx.serialization.Serializable(with = SpecKinds.AllDisc.A.Type::class)
        public data class A(
            public val a: kotlin.Double,
        ) : SpecKinds.AllDisc {
            public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllDisc.A>("A") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllDisc.A = SpecKinds.AllDisc.A(
                    from.required("a", Types.number),
                )

                override fun write(value: SpecKinds.AllDisc.A, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "a")
                    to.required("a", value.a, Types.number)
                }
            }
        }

        @kotlinx.serialization.Serializable(with = SpecKinds.AllDisc.B.Type::class)
        public data class B(
            public val b: kotlin.String? = null,
        ) : SpecKinds.AllDisc {
            public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllDisc.B>("B") {
                override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllDisc.B = SpecKinds.AllDisc.B(
                    from.optional("b", Types.string),
                )

                override fun write(value: SpecKinds.AllDisc.B, to: com.convexgateway.client.types.ObjectWriter) {
                    to.literal("kind", "b")
                    to.optional("b", value.b, Types.string)
                }
            }
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : SpecKinds.AllDisc

        public object Type : com.convexgateway.client.types.ConvexType<SpecKinds.AllDisc>("AllDisc") {
            override fun read(json: kotlinx.serialization.json.JsonElement): SpecKinds.AllDisc = when {
                Types.has(json, "kind", "a") -> SpecKinds.AllDisc.A.Type.read(json)
                Types.has(json, "kind", "b") -> SpecKinds.AllDisc.B.Type.read(json)
                else -> SpecKinds.AllDisc.Unknown(json)
            }

            override fun write(value: SpecKinds.AllDisc): kotlinx.serialization.json.JsonElement = when (value) {
                is SpecKinds.AllDisc.A -> SpecKinds.AllDisc.A.Type.write(value)
                is SpecKinds.AllDisc.B -> SpecKinds.AllDisc.B.Type.write(value)
                is SpecKinds.AllDisc.Unknown -> value.json
            }
        }
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllLb.Type::class)
    public sealed interface AllLb {
        public val value: kotlin.Boolean

        public data object True : SpecKinds.AllLb {
            override val value: kotlin.Boolean get() = true
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Boolean) : SpecKinds.AllLb

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllLb, kotlin.Boolean>(
            "AllLb", Types.boolean, { SpecKinds.AllLb.Unknown(it) }, { it.value },
            SpecKinds.AllLb.True,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllLi.Type::class)
    public sealed interface AllLi {
        public val value: kotlin.Long

        public data object Int3 : SpecKinds.AllLi {
            override val value: kotlin.Long get() = 3L
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Long) : SpecKinds.AllLi

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllLi, kotlin.Long>(
            "AllLi", Types.int64, { SpecKinds.AllLi.Unknown(it) }, { it.value },
            SpecKinds.AllLi.Int3,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllLn.Type::class)
    public sealed interface AllLn {
        public val value: kotlin.Double

        public data object Number1_5 : SpecKinds.AllLn {
            override val value: kotlin.Double get() = 1.5
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : SpecKinds.AllLn

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllLn, kotlin.Double>(
            "AllLn", Types.number, { SpecKinds.AllLn.Unknown(it) }, { it.value },
            SpecKinds.AllLn.Number1_5,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllLnz.Type::class)
    public sealed interface AllLnz {
        public val value: kotlin.Double

        public data object NumberMinus0 : SpecKinds.AllLnz {
            override val value: kotlin.Double get() = -0.0
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.Double) : SpecKinds.AllLnz

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllLnz, kotlin.Double>(
            "AllLnz", Types.number, { SpecKinds.AllLnz.Unknown(it) }, { it.value },
            SpecKinds.AllLnz.NumberMinus0,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllLs.Type::class)
    public sealed interface AllLs {
        public val value: kotlin.String

        public data object X : SpecKinds.AllLs {
            override val value: kotlin.String get() = "x"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : SpecKinds.AllLs

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllLs, kotlin.String>(
            "AllLs", Types.string, { SpecKinds.AllLs.Unknown(it) }, { it.value },
            SpecKinds.AllLs.X,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllObjEmpty.Type::class)
    public data object AllObjEmpty {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllObjEmpty>("AllObjEmpty") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllObjEmpty = SpecKinds.AllObjEmpty

            override fun write(value: SpecKinds.AllObjEmpty, to: com.convexgateway.client.types.ObjectWriter) {
            }
        }
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllObjX.Type::class)
    public data class AllObjX(
        public val y: kotlin.collections.List<kotlin.Long?>? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllObjX>("AllObjX") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllObjX = SpecKinds.AllObjX(
                from.optional("y", Types.list(Types.nullable(Types.int64))),
            )

            override fun write(value: SpecKinds.AllObjX, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("y", value.y, Types.list(Types.nullable(Types.int64)))
            }
        }
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllObj.Type::class)
    public data class AllObj(
        public val empty: SpecKinds.AllObjEmpty,
        public val x: SpecKinds.AllObjX? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllObj>("AllObj") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllObj = SpecKinds.AllObj(
                from.required("empty", SpecKinds.AllObjEmpty.Type),
                from.optional("x", SpecKinds.AllObjX.Type),
            )

            override fun write(value: SpecKinds.AllObj, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("empty", value.empty, SpecKinds.AllObjEmpty.Type)
                to.optional("x", value.x, SpecKinds.AllObjX.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllUn.Type::class)
    public sealed interface AllUn {
        public val value: kotlin.String

        public data object High : SpecKinds.AllUn {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : SpecKinds.AllUn {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : SpecKinds.AllUn

        public object Type : com.convexgateway.client.types.LiteralType<SpecKinds.AllUn, kotlin.String>(
            "AllUn", Types.string, { SpecKinds.AllUn.Unknown(it) }, { it.value },
            SpecKinds.AllUn.High, SpecKinds.AllUn.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = SpecKinds.AllArgs.Type::class)
    public data class AllArgs(
        public val a: kotlinx.serialization.json.JsonElement,
        public val arr: kotlin.collections.List<kotlin.collections.List<kotlin.String>>,
        public val b: kotlin.Boolean,
        public val bi: kotlin.Long,
        public val by: com.convexgateway.client.types.Bytes,
        public val cts: kotlin.Long,
        public val disc: SpecKinds.AllDisc,
        public val f: kotlin.Double,
        public val i: kotlin.Long,
        public val id: MessagesId,
        public val lb: SpecKinds.AllLb,
        public val li: SpecKinds.AllLi,
        public val ln: SpecKinds.AllLn,
        public val lnz: SpecKinds.AllLnz,
        public val ls: SpecKinds.AllLs,
        public val n: kotlin.Double,
        public val nul: kotlin.Unit,
        public val nullable: kotlin.String?,
        public val obj: SpecKinds.AllObj,
        public val recId: kotlin.collections.Map<MessagesId, kotlinx.serialization.json.JsonElement>,
        public val recS: kotlin.collections.Map<kotlin.String, kotlin.Double>,
        public val recU: kotlin.collections.Map<kotlin.String, kotlin.Boolean>,
        public val s: kotlin.String,
        public val sched: ScheduledFunctionsId,
        public val sid: StorageId,
        public val un: SpecKinds.AllUn,
        public val un1: kotlin.String,
        /** No value is valid here. */
        public val unE: kotlinx.serialization.json.JsonElement,
        public val opt: kotlin.String? = null,
        public val optAny: kotlinx.serialization.json.JsonElement? = null,
        public val optU: com.convexgateway.client.types.Field<kotlin.Double?> = Types.absent,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.AllArgs>("AllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.AllArgs = SpecKinds.AllArgs(
                from.required("a", Types.any),
                from.required("arr", Types.list(Types.list(Types.string))),
                from.required("b", Types.boolean),
                from.required("bi", Types.int64),
                from.required("by", Types.bytes),
                from.required("cts", Types.int64),
                from.required("disc", SpecKinds.AllDisc.Type),
                from.required("f", Types.number),
                from.required("i", Types.int64),
                from.required("id", MessagesId.Type),
                from.required("lb", SpecKinds.AllLb.Type),
                from.required("li", SpecKinds.AllLi.Type),
                from.required("ln", SpecKinds.AllLn.Type),
                from.required("lnz", SpecKinds.AllLnz.Type),
                from.required("ls", SpecKinds.AllLs.Type),
                from.required("n", Types.number),
                from.required("nul", Types.nothing),
                from.required("nullable", Types.nullable(Types.string)),
                from.required("obj", SpecKinds.AllObj.Type),
                from.required("recId", Types.record(MessagesId.Type, Types.any)),
                from.required("recS", Types.record(Types.string, Types.number)),
                from.required("recU", Types.record(Types.string, Types.boolean)),
                from.required("s", Types.string),
                from.required("sched", ScheduledFunctionsId.Type),
                from.required("sid", StorageId.Type),
                from.required("un", SpecKinds.AllUn.Type),
                from.required("un1", Types.string),
                from.required("unE", Types.any),
                from.optional("opt", Types.string),
                from.optional("optAny", Types.any),
                from.field("optU", Types.nullable(Types.number)),
            )

            override fun write(value: SpecKinds.AllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, Types.any)
                to.required("arr", value.arr, Types.list(Types.list(Types.string)))
                to.required("b", value.b, Types.boolean)
                to.required("bi", value.bi, Types.int64)
                to.required("by", value.by, Types.bytes)
                to.required("cts", value.cts, Types.int64)
                to.required("disc", value.disc, SpecKinds.AllDisc.Type)
                to.required("f", value.f, Types.number)
                to.required("i", value.i, Types.int64)
                to.required("id", value.id, MessagesId.Type)
                to.required("lb", value.lb, SpecKinds.AllLb.Type)
                to.required("li", value.li, SpecKinds.AllLi.Type)
                to.required("ln", value.ln, SpecKinds.AllLn.Type)
                to.required("lnz", value.lnz, SpecKinds.AllLnz.Type)
                to.required("ls", value.ls, SpecKinds.AllLs.Type)
                to.required("n", value.n, Types.number)
                to.required("nul", value.nul, Types.nothing)
                to.required("nullable", value.nullable, Types.nullable(Types.string))
                to.required("obj", value.obj, SpecKinds.AllObj.Type)
                to.required("recId", value.recId, Types.record(MessagesId.Type, Types.any))
                to.required("recS", value.recS, Types.record(Types.string, Types.number))
                to.required("recU", value.recU, Types.record(Types.string, Types.boolean))
                to.required("s", value.s, Types.string)
                to.required("sched", value.sched, ScheduledFunctionsId.Type)
                to.required("sid", value.sid, StorageId.Type)
                to.required("un", value.un, SpecKinds.AllUn.Type)
                to.required("un1", value.un1, Types.string)
                to.required("unE", value.unE, Types.any)
                to.optional("opt", value.opt, Types.string)
                to.optional("optAny", value.optAny, Types.any)
                to.field("optU", value.optU, Types.nullable(Types.number))
            }
        }
    }

    /** The query `spec/kinds:argsAny`, for fakes. */
    public val argsAny: com.convexgateway.client.QueryFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:argsAny", Types.arguments, Types.any)

    /** A call of the query `spec/kinds:argsAny`. */
    public fun argsAny(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.argsAny.invoke(Types.encoded(args))

    /** The query `spec/kinds:argsEmpty`, for fakes. */
    public val argsEmpty: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:argsEmpty", Types.none, Types.any)

    /** A call of the query `spec/kinds:argsEmpty`. */
    public fun argsEmpty(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.argsEmpty.invoke(Types.noArguments)

    /** The query `spec/kinds:argsNone`, for fakes. */
    public val argsNone: com.convexgateway.client.QueryFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:argsNone", Types.arguments, Types.any)

    /** A call of the query `spec/kinds:argsNone`. */
    public fun argsNone(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.argsNone.invoke(Types.encoded(args))

    /** The query `spec/kinds:argsObj`, for fakes. */
    public val argsObj: com.convexgateway.client.QueryFunction<SpecKinds.ArgsObjArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:argsObj", SpecKinds.ArgsObjArgs.Type, Types.any)

    /** A call of the query `spec/kinds:argsObj`. */
    public fun argsObj(q: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.argsObj.invoke(ArgsObjArgs(q))

    @kotlinx.serialization.Serializable(with = SpecKinds.ArgsObjArgs.Type::class)
    public data class ArgsObjArgs(
        public val q: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.ArgsObjArgs>("ArgsObjArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.ArgsObjArgs = SpecKinds.ArgsObjArgs(
                from.required("q", Types.string),
            )

            override fun write(value: SpecKinds.ArgsObjArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("q", value.q, Types.string)
            }
        }
    }

    /** The query `spec/kinds:defaults`, for fakes. */
    public val defaults: com.convexgateway.client.QueryFunction<SpecKinds.DefaultsArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:defaults", SpecKinds.DefaultsArgs.Type, Types.any)

    /** A call of the query `spec/kinds:defaults`. */
    public fun defaults(limit: kotlin.Double? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.defaults.invoke(DefaultsArgs(limit))

    @kotlinx.serialization.Serializable(with = SpecKinds.DefaultsArgs.Type::class)
    public data class DefaultsArgs(
        public val limit: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.DefaultsArgs>("DefaultsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.DefaultsArgs = SpecKinds.DefaultsArgs(
                from.optional("limit", Types.number),
            )

            override fun write(value: SpecKinds.DefaultsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.optional("limit", value.limit, Types.number)
            }
        }
    }

    /** The query `spec/kinds:fnStyle`, for fakes. */
    public val fnStyle: com.convexgateway.client.QueryFunction<kotlinx.serialization.json.JsonObject, kotlinx.serialization.json.JsonElement>
        get() = Types.query("spec/kinds:fnStyle", Types.arguments, Types.any)

    /** A call of the query `spec/kinds:fnStyle`. */
    public fun fnStyle(args: kotlin.collections.Map<kotlin.String, kotlin.Any?>? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.fnStyle.invoke(Types.encoded(args))

    /** The mutation `spec/kinds:handleArg`, for fakes. */
    public val handleArg: com.convexgateway.client.MutationFunction<SpecKinds.HandleArgArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("spec/kinds:handleArg", SpecKinds.HandleArgArgs.Type, Types.any)

    /** A call of the mutation `spec/kinds:handleArg`. */
    public fun handleArg(fn: kotlin.String): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.handleArg.invoke(HandleArgArgs(fn))

    @kotlinx.serialization.Serializable(with = SpecKinds.HandleArgArgs.Type::class)
    public data class HandleArgArgs(
        public val fn: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.HandleArgArgs>("HandleArgArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.HandleArgArgs = SpecKinds.HandleArgArgs(
                from.required("fn", Types.string),
            )

            override fun write(value: SpecKinds.HandleArgArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("fn", value.fn, Types.string)
            }
        }
    }

    /** The mutation `spec/kinds:retAny`, for fakes. */
    public val retAny: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("spec/kinds:retAny", Types.none, Types.any)

    /** A call of the mutation `spec/kinds:retAny`. */
    public fun retAny(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.retAny.invoke(Types.noArguments)

    /** The mutation `spec/kinds:retNull`, for fakes. */
    public val retNull: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.Unit>
        get() = Types.mutation("spec/kinds:retNull", Types.none, Types.nothing)

    /** A call of the mutation `spec/kinds:retNull`. */
    public fun retNull(): com.convexgateway.client.Mutation<kotlin.Unit> =
        this.retNull.invoke(Types.noArguments)

    /** The action `spec/kinds:retObjShort`, for fakes. */
    public val retObjShort: com.convexgateway.client.ActionFunction<kotlin.Unit, SpecKinds.RetObjShortResult>
        get() = Types.action("spec/kinds:retObjShort", Types.none, SpecKinds.RetObjShortResult.Type)

    /** A call of the action `spec/kinds:retObjShort`. */
    public fun retObjShort(): com.convexgateway.client.Action<SpecKinds.RetObjShortResult> =
        this.retObjShort.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = SpecKinds.RetObjShortResult.Type::class)
    public data class RetObjShortResult(
        public val a: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<SpecKinds.RetObjShortResult>("RetObjShortResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): SpecKinds.RetObjShortResult = SpecKinds.RetObjShortResult(
                from.required("a", Types.string),
            )

            override fun write(value: SpecKinds.RetObjShortResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("a", value.a, Types.string)
            }
        }
    }

    /** The mutation `spec/kinds:retUnion`, for fakes. */
    public val retUnion: com.convexgateway.client.MutationFunction<kotlin.Unit, SpecKinds.RetUnionResult>
        get() = Types.mutation("spec/kinds:retUnion", Types.none, SpecKinds.RetUnionResult.Type)

    /** A call of the mutation `spec/kinds:retUnion`. */
    public fun retUnion(): com.convexgateway.client.Mutation<SpecKinds.RetUnionResult> =
        this.retUnion.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = SpecKinds.RetUnionResult.Type::class)
    public sealed interface RetUnionResult {
        public data class Int64Value(public val value: kotlin.Long) : SpecKinds.RetUnionResult

        public data class StringValue(public val value: kotlin.String) : SpecKinds.RetUnionResult

        /** Another value, which a newer deployment has. */
        public data class Unknown(public val json: kotlinx.serialization.json.JsonElement) : SpecKinds.RetUnionResult

        public object Type : com.convexgateway.client.types.ConvexType<SpecKinds.RetUnionResult>("RetUnionResult") {
            override fun read(json: kotlinx.serialization.json.JsonElement): SpecKinds.RetUnionResult = when {
                Types.isInt64(json) -> SpecKinds.RetUnionResult.Int64Value(Types.int64.read(json))
                Types.isString(json) -> SpecKinds.RetUnionResult.StringValue(Types.string.read(json))
                else -> SpecKinds.RetUnionResult.Unknown(json)
            }

            override fun write(value: SpecKinds.RetUnionResult): kotlinx.serialization.json.JsonElement = when (value) {
                is SpecKinds.RetUnionResult.Int64Value -> Types.int64.write(value.value)
                is SpecKinds.RetUnionResult.StringValue -> Types.string.write(value.value)
                is SpecKinds.RetUnionResult.Unknown -> value.json
            }
        }
    }
}
