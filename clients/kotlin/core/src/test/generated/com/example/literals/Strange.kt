// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.literals

import com.convexgateway.client.types.Types

/** The functions of `strange`. */
public object Strange {
    /** The mutation `strange:all`, for fakes. */
    public val all: com.convexgateway.client.MutationFunction<Strange.AllArgs, Strange.AllResult>
        get() = Types.mutation("strange:all", Strange.AllArgs.Type, Strange.AllResult.Type)

    /** A call of the mutation `strange:all`. */
    public fun all(text: Strange.AllText): com.convexgateway.client.Mutation<Strange.AllResult> =
        this.all.invoke(AllArgs(text))

    @kotlinx.serialization.Serializable(with = Strange.AllResultText.Type::class)
    public sealed interface AllResultText {
        public val value: kotlin.String

        public data object Empty : Strange.AllResultText {
            override val value: kotlin.String get() = ""
        }

        public data object X : Strange.AllResultText {
            override val value: kotlin.String get() = "\$x"
        }

        public data object X_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "\${x}"
        }

        public data object Low : Strange.AllResultText {
            override val value: kotlin.String get() = "Low"
        }

        public data object Unknown_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "Unknown"
        }

        public data object Value : Strange.AllResultText {
            override val value: kotlin.String get() = "\""
        }

        public data object Value_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "\\"
        }

        public data object Value_3 : Strange.AllResultText {
            override val value: kotlin.String get() = "\u000a"
        }

        public data object Value_4 : Strange.AllResultText {
            override val value: kotlin.String get() = "\u0000"
        }

        public data object AB : Strange.AllResultText {
            override val value: kotlin.String get() = "a-b"
        }

        public data object AB_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "a_b"
        }

        public data object Longlonglonglonglonglonglonglonglonglong : Strange.AllResultText {
            override val value: kotlin.String get() = "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglast"
        }

        public data object Longlonglonglonglonglonglonglonglonglong_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong"
        }

        public data object Low_2 : Strange.AllResultText {
            override val value: kotlin.String get() = "low"
        }

        public data object Value_5 : Strange.AllResultText {
            override val value: kotlin.String get() = "\u00e9"
        }

        public data object Value_6 : Strange.AllResultText {
            override val value: kotlin.String get() = "\ud83d\ude00"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Strange.AllResultText

        public object Type : com.convexgateway.client.types.LiteralType<Strange.AllResultText, kotlin.String>(
            "AllResultText", Types.string, { Strange.AllResultText.Unknown(it) }, { it.value },
            Strange.AllResultText.Empty, Strange.AllResultText.X, Strange.AllResultText.X_2, Strange.AllResultText.Low, Strange.AllResultText.Unknown_2, Strange.AllResultText.Value, Strange.AllResultText.Value_2, Strange.AllResultText.Value_3, Strange.AllResultText.Value_4, Strange.AllResultText.AB, Strange.AllResultText.AB_2, Strange.AllResultText.Longlonglonglonglonglonglonglonglonglong, Strange.AllResultText.Longlonglonglonglonglonglonglonglonglong_2, Strange.AllResultText.Low_2, Strange.AllResultText.Value_5, Strange.AllResultText.Value_6,
        )
    }

    @kotlinx.serialization.Serializable(with = Strange.AllResult.Type::class)
    public data class AllResult(
        public val text: Strange.AllResultText,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Strange.AllResult>("AllResult") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Strange.AllResult = Strange.AllResult(
                from.required("text", Strange.AllResultText.Type),
            )

            override fun write(value: Strange.AllResult, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("text", value.text, Strange.AllResultText.Type)
            }
        }
    }

    @kotlinx.serialization.Serializable(with = Strange.AllText.Type::class)
    public sealed interface AllText {
        public val value: kotlin.String

        public data object Empty : Strange.AllText {
            override val value: kotlin.String get() = ""
        }

        public data object X : Strange.AllText {
            override val value: kotlin.String get() = "\$x"
        }

        public data object X_2 : Strange.AllText {
            override val value: kotlin.String get() = "\${x}"
        }

        public data object Low : Strange.AllText {
            override val value: kotlin.String get() = "Low"
        }

        public data object Unknown_2 : Strange.AllText {
            override val value: kotlin.String get() = "Unknown"
        }

        public data object Value : Strange.AllText {
            override val value: kotlin.String get() = "\""
        }

        public data object Value_2 : Strange.AllText {
            override val value: kotlin.String get() = "\\"
        }

        public data object Value_3 : Strange.AllText {
            override val value: kotlin.String get() = "\u000a"
        }

        public data object Value_4 : Strange.AllText {
            override val value: kotlin.String get() = "\u0000"
        }

        public data object AB : Strange.AllText {
            override val value: kotlin.String get() = "a-b"
        }

        public data object AB_2 : Strange.AllText {
            override val value: kotlin.String get() = "a_b"
        }

        public data object Longlonglonglonglonglonglonglonglonglong : Strange.AllText {
            override val value: kotlin.String get() = "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglast"
        }

        public data object Longlonglonglonglonglonglonglonglonglong_2 : Strange.AllText {
            override val value: kotlin.String get() = "longlonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglonglong"
        }

        public data object Low_2 : Strange.AllText {
            override val value: kotlin.String get() = "low"
        }

        public data object Value_5 : Strange.AllText {
            override val value: kotlin.String get() = "\u00e9"
        }

        public data object Value_6 : Strange.AllText {
            override val value: kotlin.String get() = "\ud83d\ude00"
        }

        /** Another value, which a newer deployment has. */
        public data class Unknown(override val value: kotlin.String) : Strange.AllText

        public object Type : com.convexgateway.client.types.LiteralType<Strange.AllText, kotlin.String>(
            "AllText", Types.string, { Strange.AllText.Unknown(it) }, { it.value },
            Strange.AllText.Empty, Strange.AllText.X, Strange.AllText.X_2, Strange.AllText.Low, Strange.AllText.Unknown_2, Strange.AllText.Value, Strange.AllText.Value_2, Strange.AllText.Value_3, Strange.AllText.Value_4, Strange.AllText.AB, Strange.AllText.AB_2, Strange.AllText.Longlonglonglonglonglonglonglonglonglong, Strange.AllText.Longlonglonglonglonglonglonglonglonglong_2, Strange.AllText.Low_2, Strange.AllText.Value_5, Strange.AllText.Value_6,
        )
    }

    @kotlinx.serialization.Serializable(with = Strange.AllArgs.Type::class)
    public data class AllArgs(
        public val text: Strange.AllText,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Strange.AllArgs>("AllArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Strange.AllArgs = Strange.AllArgs(
                from.required("text", Strange.AllText.Type),
            )

            override fun write(value: Strange.AllArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("text", value.text, Strange.AllText.Type)
            }
        }
    }
}
