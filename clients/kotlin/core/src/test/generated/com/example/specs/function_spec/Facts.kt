// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `facts`. */
public object Facts {
    /** The action `facts:act`, for fakes. */
    public val act: com.convexgateway.client.ActionFunction<Facts.ActArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.action("facts:act", Facts.ActArgs.Type, Types.any)

    /** A call of the action `facts:act`. */
    public fun act(k: kotlin.String, ms: kotlin.Double? = null): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.act.invoke(ActArgs(k, ms))

    @kotlinx.serialization.Serializable(with = Facts.ActArgs.Type::class)
    public data class ActArgs(
        public val k: kotlin.String,
        public val ms: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ActArgs>("ActArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ActArgs = Facts.ActArgs(
                from.required("k", Types.string),
                from.optional("ms", Types.number),
            )

            override fun write(value: Facts.ActArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.optional("ms", value.ms, Types.number)
            }
        }
    }

    /** The action `facts:actFail`, for fakes. */
    public val actFail: com.convexgateway.client.ActionFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.action("facts:actFail", Types.none, Types.any)

    /** A call of the action `facts:actFail`. */
    public fun actFail(): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.actFail.invoke(Types.noArguments)

    /** The query `facts:authNoUse`, for fakes. */
    public val authNoUse: com.convexgateway.client.QueryFunction<Facts.AuthNoUseArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:authNoUse", Facts.AuthNoUseArgs.Type, Types.any)

    /** A call of the query `facts:authNoUse`. */
    public fun authNoUse(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.authNoUse.invoke(AuthNoUseArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.AuthNoUseArgs.Type::class)
    public data class AuthNoUseArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.AuthNoUseArgs>("AuthNoUseArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.AuthNoUseArgs = Facts.AuthNoUseArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.AuthNoUseArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `facts:badRet`, for fakes. */
    public val badRet: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlin.String>
        get() = Types.query("facts:badRet", Types.none, Types.string)

    /** A call of the query `facts:badRet`. */
    public fun badRet(): com.convexgateway.client.Query<kotlin.String> =
        this.badRet.invoke(Types.noArguments)

    /** The mutation `facts:badRetM`, for fakes. */
    public val badRetM: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlin.String>
        get() = Types.mutation("facts:badRetM", Types.none, Types.string)

    /** A call of the mutation `facts:badRetM`. */
    public fun badRetM(): com.convexgateway.client.Mutation<kotlin.String> =
        this.badRetM.invoke(Types.noArguments)

    /** The query `facts:big`, for fakes. */
    public val big: com.convexgateway.client.QueryFunction<Facts.BigArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:big", Facts.BigArgs.Type, Types.any)

    /** A call of the query `facts:big`. */
    public fun big(bytes: kotlin.Double, ch: kotlin.String? = null): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.big.invoke(BigArgs(bytes, ch))

    @kotlinx.serialization.Serializable(with = Facts.BigArgs.Type::class)
    public data class BigArgs(
        public val bytes: kotlin.Double,
        public val ch: kotlin.String? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BigArgs>("BigArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BigArgs = Facts.BigArgs(
                from.required("bytes", Types.number),
                from.optional("ch", Types.string),
            )

            override fun write(value: Facts.BigArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("bytes", value.bytes, Types.number)
                to.optional("ch", value.ch, Types.string)
            }
        }
    }

    /** The mutation `facts:bigDoc`, for fakes. */
    public val bigDoc: com.convexgateway.client.MutationFunction<Facts.BigDocArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:bigDoc", Facts.BigDocArgs.Type, Types.any)

    /** A call of the mutation `facts:bigDoc`. */
    public fun bigDoc(bytes: kotlin.Double): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.bigDoc.invoke(BigDocArgs(bytes))

    @kotlinx.serialization.Serializable(with = Facts.BigDocArgs.Type::class)
    public data class BigDocArgs(
        public val bytes: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BigDocArgs>("BigDocArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BigDocArgs = Facts.BigDocArgs(
                from.required("bytes", Types.number),
            )

            override fun write(value: Facts.BigDocArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("bytes", value.bytes, Types.number)
            }
        }
    }

    /** The action `facts:bigRetA`, for fakes. */
    public val bigRetA: com.convexgateway.client.ActionFunction<Facts.BigRetAArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.action("facts:bigRetA", Facts.BigRetAArgs.Type, Types.any)

    /** A call of the action `facts:bigRetA`. */
    public fun bigRetA(bytes: kotlin.Double): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.bigRetA.invoke(BigRetAArgs(bytes))

    @kotlinx.serialization.Serializable(with = Facts.BigRetAArgs.Type::class)
    public data class BigRetAArgs(
        public val bytes: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BigRetAArgs>("BigRetAArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BigRetAArgs = Facts.BigRetAArgs(
                from.required("bytes", Types.number),
            )

            override fun write(value: Facts.BigRetAArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("bytes", value.bytes, Types.number)
            }
        }
    }

    /** The mutation `facts:bigRetM`, for fakes. */
    public val bigRetM: com.convexgateway.client.MutationFunction<Facts.BigRetMArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:bigRetM", Facts.BigRetMArgs.Type, Types.any)

    /** A call of the mutation `facts:bigRetM`. */
    public fun bigRetM(bytes: kotlin.Double): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.bigRetM.invoke(BigRetMArgs(bytes))

    @kotlinx.serialization.Serializable(with = Facts.BigRetMArgs.Type::class)
    public data class BigRetMArgs(
        public val bytes: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BigRetMArgs>("BigRetMArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BigRetMArgs = Facts.BigRetMArgs(
                from.required("bytes", Types.number),
            )

            override fun write(value: Facts.BigRetMArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("bytes", value.bytes, Types.number)
            }
        }
    }

    /** The mutation `facts:bump`, for fakes. */
    public val bump: com.convexgateway.client.MutationFunction<Facts.BumpArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:bump", Facts.BumpArgs.Type, Types.any)

    /** A call of the mutation `facts:bump`. */
    public fun bump(k: kotlin.String, burn: kotlin.Double? = null, fail: kotlin.String? = null, n: kotlin.Double? = null): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.bump.invoke(BumpArgs(k, burn, fail, n))

    @kotlinx.serialization.Serializable(with = Facts.BumpArgs.Type::class)
    public data class BumpArgs(
        public val k: kotlin.String,
        public val burn: kotlin.Double? = null,
        public val fail: kotlin.String? = null,
        public val n: kotlin.Double? = null,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BumpArgs>("BumpArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BumpArgs = Facts.BumpArgs(
                from.required("k", Types.string),
                from.optional("burn", Types.number),
                from.optional("fail", Types.string),
                from.optional("n", Types.number),
            )

            override fun write(value: Facts.BumpArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.optional("burn", value.burn, Types.number)
                to.optional("fail", value.fail, Types.string)
                to.optional("n", value.n, Types.number)
            }
        }
    }

    /** The action `facts:burnA`, for fakes. */
    public val burnA: com.convexgateway.client.ActionFunction<Facts.BurnAArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.action("facts:burnA", Facts.BurnAArgs.Type, Types.any)

    /** A call of the action `facts:burnA`. */
    public fun burnA(forever: kotlin.Boolean): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.burnA.invoke(BurnAArgs(forever))

    @kotlinx.serialization.Serializable(with = Facts.BurnAArgs.Type::class)
    public data class BurnAArgs(
        public val forever: kotlin.Boolean,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BurnAArgs>("BurnAArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BurnAArgs = Facts.BurnAArgs(
                from.required("forever", Types.boolean),
            )

            override fun write(value: Facts.BurnAArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("forever", value.forever, Types.boolean)
            }
        }
    }

    /** The mutation `facts:burnM`, for fakes. */
    public val burnM: com.convexgateway.client.MutationFunction<Facts.BurnMArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:burnM", Facts.BurnMArgs.Type, Types.any)

    /** A call of the mutation `facts:burnM`. */
    public fun burnM(forever: kotlin.Boolean): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.burnM.invoke(BurnMArgs(forever))

    @kotlinx.serialization.Serializable(with = Facts.BurnMArgs.Type::class)
    public data class BurnMArgs(
        public val forever: kotlin.Boolean,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BurnMArgs>("BurnMArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BurnMArgs = Facts.BurnMArgs(
                from.required("forever", Types.boolean),
            )

            override fun write(value: Facts.BurnMArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("forever", value.forever, Types.boolean)
            }
        }
    }

    /** The query `facts:burnQ`, for fakes. */
    public val burnQ: com.convexgateway.client.QueryFunction<Facts.BurnQArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:burnQ", Facts.BurnQArgs.Type, Types.any)

    /** A call of the query `facts:burnQ`. */
    public fun burnQ(forever: kotlin.Boolean): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.burnQ.invoke(BurnQArgs(forever))

    @kotlinx.serialization.Serializable(with = Facts.BurnQArgs.Type::class)
    public data class BurnQArgs(
        public val forever: kotlin.Boolean,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.BurnQArgs>("BurnQArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.BurnQArgs = Facts.BurnQArgs(
                from.required("forever", Types.boolean),
            )

            override fun write(value: Facts.BurnQArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("forever", value.forever, Types.boolean)
            }
        }
    }

    /** The mutation `facts:contend`, for fakes. */
    public val contend: com.convexgateway.client.MutationFunction<Facts.ContendArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:contend", Facts.ContendArgs.Type, Types.any)

    /** A call of the mutation `facts:contend`. */
    public fun contend(burn: kotlin.Double, k: kotlin.String): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.contend.invoke(ContendArgs(burn, k))

    @kotlinx.serialization.Serializable(with = Facts.ContendArgs.Type::class)
    public data class ContendArgs(
        public val burn: kotlin.Double,
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ContendArgs>("ContendArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ContendArgs = Facts.ContendArgs(
                from.required("burn", Types.number),
                from.required("k", Types.string),
            )

            override fun write(value: Facts.ContendArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("burn", value.burn, Types.number)
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `facts:count`, for fakes. */
    public val count: com.convexgateway.client.QueryFunction<Facts.CountArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:count", Facts.CountArgs.Type, Types.any)

    /** A call of the query `facts:count`. */
    public fun count(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.count.invoke(CountArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.CountArgs.Type::class)
    public data class CountArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.CountArgs>("CountArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.CountArgs = Facts.CountArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.CountArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The mutation `facts:delAt`, for fakes. */
    public val delAt: com.convexgateway.client.MutationFunction<Facts.DelAtArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:delAt", Facts.DelAtArgs.Type, Types.any)

    /** A call of the mutation `facts:delAt`. */
    public fun delAt(k: kotlin.String, n: kotlin.Double): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.delAt.invoke(DelAtArgs(k, n))

    @kotlinx.serialization.Serializable(with = Facts.DelAtArgs.Type::class)
    public data class DelAtArgs(
        public val k: kotlin.String,
        public val n: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.DelAtArgs>("DelAtArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.DelAtArgs = Facts.DelAtArgs(
                from.required("k", Types.string),
                from.required("n", Types.number),
            )

            override fun write(value: Facts.DelAtArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.required("n", value.n, Types.number)
            }
        }
    }

    /** The mutation `facts:fill`, for fakes. */
    public val fill: com.convexgateway.client.MutationFunction<Facts.FillArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:fill", Facts.FillArgs.Type, Types.any)

    /** A call of the mutation `facts:fill`. */
    public fun fill(from: kotlin.Double, k: kotlin.String, pad: kotlin.Double, to: kotlin.Double): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.fill.invoke(FillArgs(from, k, pad, to))

    @kotlinx.serialization.Serializable(with = Facts.FillArgs.Type::class)
    public data class FillArgs(
        public val from: kotlin.Double,
        public val k: kotlin.String,
        public val pad: kotlin.Double,
        public val to: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.FillArgs>("FillArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.FillArgs = Facts.FillArgs(
                from.required("from", Types.number),
                from.required("k", Types.string),
                from.required("pad", Types.number),
                from.required("to", Types.number),
            )

            override fun write(value: Facts.FillArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("from", value.from, Types.number)
                to.required("k", value.k, Types.string)
                to.required("pad", value.pad, Types.number)
                to.required("to", value.to, Types.number)
            }
        }
    }

    /** The mutation `facts:insAt`, for fakes. */
    public val insAt: com.convexgateway.client.MutationFunction<Facts.InsAtArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:insAt", Facts.InsAtArgs.Type, Types.any)

    /** A call of the mutation `facts:insAt`. */
    public fun insAt(k: kotlin.String, n: kotlin.Double): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.insAt.invoke(InsAtArgs(k, n))

    @kotlinx.serialization.Serializable(with = Facts.InsAtArgs.Type::class)
    public data class InsAtArgs(
        public val k: kotlin.String,
        public val n: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.InsAtArgs>("InsAtArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.InsAtArgs = Facts.InsAtArgs(
                from.required("k", Types.string),
                from.required("n", Types.number),
            )

            override fun write(value: Facts.InsAtArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
                to.required("n", value.n, Types.number)
            }
        }
    }

    /** The query `facts:len`, for fakes. */
    public val len: com.convexgateway.client.QueryFunction<Facts.LenArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:len", Facts.LenArgs.Type, Types.any)

    /** A call of the query `facts:len`. */
    public fun len(s: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.len.invoke(LenArgs(s))

    @kotlinx.serialization.Serializable(with = Facts.LenArgs.Type::class)
    public data class LenArgs(
        public val s: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.LenArgs>("LenArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.LenArgs = Facts.LenArgs(
                from.required("s", Types.string),
            )

            override fun write(value: Facts.LenArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("s", value.s, Types.string)
            }
        }
    }

    /** The mutation `facts:lenM`, for fakes. */
    public val lenM: com.convexgateway.client.MutationFunction<Facts.LenMArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:lenM", Facts.LenMArgs.Type, Types.any)

    /** A call of the mutation `facts:lenM`. */
    public fun lenM(s: kotlin.String): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.lenM.invoke(LenMArgs(s))

    @kotlinx.serialization.Serializable(with = Facts.LenMArgs.Type::class)
    public data class LenMArgs(
        public val s: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.LenMArgs>("LenMArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.LenMArgs = Facts.LenMArgs(
                from.required("s", Types.string),
            )

            override fun write(value: Facts.LenMArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("s", value.s, Types.string)
            }
        }
    }

    /** The query `facts:logs`, for fakes. */
    public val logs: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:logs", Types.none, Types.any)

    /** A call of the query `facts:logs`. */
    public fun logs(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.logs.invoke(Types.noArguments)

    /** The query `facts:many`, for fakes. */
    public val many: com.convexgateway.client.QueryFunction<Facts.ManyArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:many", Facts.ManyArgs.Type, Types.any)

    /** A call of the query `facts:many`. */
    public fun many(n: kotlin.Double): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.many.invoke(ManyArgs(n))

    @kotlinx.serialization.Serializable(with = Facts.ManyArgs.Type::class)
    public data class ManyArgs(
        public val n: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ManyArgs>("ManyArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ManyArgs = Facts.ManyArgs(
                from.required("n", Types.number),
            )

            override fun write(value: Facts.ManyArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("n", value.n, Types.number)
            }
        }
    }

    /** The query `facts:mem`, for fakes. */
    public val mem: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:mem", Types.none, Types.any)

    /** A call of the query `facts:mem`. */
    public fun mem(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.mem.invoke(Types.noArguments)

    /** The action `facts:memA`, for fakes. */
    public val memA: com.convexgateway.client.ActionFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.action("facts:memA", Types.none, Types.any)

    /** A call of the action `facts:memA`. */
    public fun memA(): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.memA.invoke(Types.noArguments)

    /** The mutation `facts:memM`, for fakes. */
    public val memM: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:memM", Types.none, Types.any)

    /** A call of the mutation `facts:memM`. */
    public fun memM(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.memM.invoke(Types.noArguments)

    /** The query `facts:noAuth`, for fakes. */
    public val noAuth: com.convexgateway.client.QueryFunction<Facts.NoAuthArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:noAuth", Facts.NoAuthArgs.Type, Types.any)

    /** A call of the query `facts:noAuth`. */
    public fun noAuth(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.noAuth.invoke(NoAuthArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.NoAuthArgs.Type::class)
    public data class NoAuthArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.NoAuthArgs>("NoAuthArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.NoAuthArgs = Facts.NoAuthArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.NoAuthArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The mutation `facts:noWrite`, for fakes. */
    public val noWrite: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:noWrite", Types.none, Types.any)

    /** A call of the mutation `facts:noWrite`. */
    public fun noWrite(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.noWrite.invoke(Types.noArguments)

    /** The mutation `facts:other`, for fakes. */
    public val other: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:other", Types.none, Types.any)

    /** A call of the mutation `facts:other`. */
    public fun other(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.other.invoke(Types.noArguments)

    /** The query `facts:readAll`, for fakes. */
    public val readAll: com.convexgateway.client.QueryFunction<Facts.ReadAllArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:readAll", Facts.ReadAllArgs.Type, Types.any)

    /** A call of the query `facts:readAll`. */
    public fun readAll(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.readAll.invoke(ReadAllArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.ReadAllArgs.Type::class)
    public data class ReadAllArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ReadAllArgs>("ReadAllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ReadAllArgs = Facts.ReadAllArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.ReadAllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The mutation `facts:readM`, for fakes. */
    public val readM: com.convexgateway.client.MutationFunction<Facts.ReadMArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("facts:readM", Facts.ReadMArgs.Type, Types.any)

    /** A call of the mutation `facts:readM`. */
    public fun readM(k: kotlin.String): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.readM.invoke(ReadMArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.ReadMArgs.Type::class)
    public data class ReadMArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ReadMArgs>("ReadMArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ReadMArgs = Facts.ReadMArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.ReadMArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `facts:readsAuth`, for fakes. */
    public val readsAuth: com.convexgateway.client.QueryFunction<Facts.ReadsAuthArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:readsAuth", Facts.ReadsAuthArgs.Type, Types.any)

    /** A call of the query `facts:readsAuth`. */
    public fun readsAuth(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.readsAuth.invoke(ReadsAuthArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.ReadsAuthArgs.Type::class)
    public data class ReadsAuthArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.ReadsAuthArgs>("ReadsAuthArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.ReadsAuthArgs = Facts.ReadsAuthArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.ReadsAuthArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `facts:reqMeta`, for fakes. */
    public val reqMeta: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:reqMeta", Types.none, Types.any)

    /** A call of the query `facts:reqMeta`. */
    public fun reqMeta(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.reqMeta.invoke(Types.noArguments)

    /** The query `facts:rows`, for fakes. */
    public val rows: com.convexgateway.client.QueryFunction<Facts.RowsArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:rows", Facts.RowsArgs.Type, Types.any)

    /** A call of the query `facts:rows`. */
    public fun rows(k: kotlin.String): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.rows.invoke(RowsArgs(k))

    @kotlinx.serialization.Serializable(with = Facts.RowsArgs.Type::class)
    public data class RowsArgs(
        public val k: kotlin.String,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Facts.RowsArgs>("RowsArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Facts.RowsArgs = Facts.RowsArgs(
                from.required("k", Types.string),
            )

            override fun write(value: Facts.RowsArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("k", value.k, Types.string)
            }
        }
    }

    /** The query `facts:who`, for fakes. */
    public val who: com.convexgateway.client.QueryFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.query("facts:who", Types.none, Types.any)

    /** A call of the query `facts:who`. */
    public fun who(): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.who.invoke(Types.noArguments)
}
