// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.literals

import com.convexgateway.client.types.Types

/** The functions of `words`. */
public object Words {
    /** The query `words:row`, for fakes. */
    public val row: com.convexgateway.client.QueryFunction<kotlin.Unit, Words.RowResult>
        get() = Types.query("words:row", Types.none, Words.RowResult.Type)

    /** A call of the query `words:row`. */
    public fun row(): com.convexgateway.client.Query<Words.RowResult> =
        this.row.invoke(Types.noArguments)

    @kotlinx.serialization.Serializable(with = Words.RowResultPriority.Type::class)
    public sealed interface RowResultPriority {
        public val value: kotlin.String

        public data object High : Words.RowResultPriority {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Words.RowResultPriority {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Words.RowResultPriority

        public object Type : com.convexgateway.client.types.LiteralType<Words.RowResultPriority, kotlin.String>(
            "RowResultPriority", Types.string, { Words.RowResultPriority.Unknown(it) }, { it.value },
            Words.RowResultPriority.High, Words.RowResultPriority.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Words.RowResult.Type::class)
    public data class RowResult(
        public val priority: Words.RowResultPriority,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Words.RowResult>("RowResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Words.RowResult = Words.RowResult(
                from.required("priority", Words.RowResultPriority.Type),
            )

            override fun write(value: Words.RowResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("priority", value.priority, Words.RowResultPriority.Type)
            }
        }
    }

    /** The mutation `words:save`, for fakes. */
    public val save: com.convexgateway.client.MutationFunction<Words.SaveArgs, Words.SaveResult>
        get() = Types.mutation("words:save", Words.SaveArgs.Type, Words.SaveResult.Type)

    /** A call of the mutation `words:save`. */
    public fun save(priority: Words.SavePriority): com.convexgateway.client.Mutation<Words.SaveResult> =
        this.save.invoke(SaveArgs(priority))

    @kotlinx.serialization.Serializable(with = Words.SaveResultPriority.Type::class)
    public sealed interface SaveResultPriority {
        public val value: kotlin.String

        public data object High : Words.SaveResultPriority {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Words.SaveResultPriority {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Words.SaveResultPriority

        public object Type : com.convexgateway.client.types.LiteralType<Words.SaveResultPriority, kotlin.String>(
            "SaveResultPriority", Types.string, { Words.SaveResultPriority.Unknown(it) }, { it.value },
            Words.SaveResultPriority.High, Words.SaveResultPriority.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Words.SaveResult.Type::class)
    public data class SaveResult(
        public val priority: Words.SaveResultPriority,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Words.SaveResult>("SaveResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Words.SaveResult = Words.SaveResult(
                from.required("priority", Words.SaveResultPriority.Type),
            )

            override fun write(value: Words.SaveResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("priority", value.priority, Words.SaveResultPriority.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Words.SavePriority.Type::class)
    public sealed interface SavePriority {
        public val value: kotlin.String

        public data object High : Words.SavePriority {
            override val value: kotlin.String get() = "high"
        }

        public data object Low : Words.SavePriority {
            override val value: kotlin.String get() = "low"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Words.SavePriority

        public object Type : com.convexgateway.client.types.LiteralType<Words.SavePriority, kotlin.String>(
            "SavePriority", Types.string, { Words.SavePriority.Unknown(it) }, { it.value },
            Words.SavePriority.High, Words.SavePriority.Low,
        )
    }

    @kotlinx.serialization.Serializable(with = Words.SaveArgs.Type::class)
    public data class SaveArgs(
        public val priority: Words.SavePriority,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Words.SaveArgs>("SaveArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Words.SaveArgs = Words.SaveArgs(
                from.required("priority", Words.SavePriority.Type),
            )

            override fun write(value: Words.SaveArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("priority", value.priority, Words.SavePriority.Type)
            }
        }
    }
}
