// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `actions`. */
public object Actions {
    /** The action `actions:sleep`, for fakes. */
    public val sleep: com.convexgateway.client.ActionFunction<Actions.SleepArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.action("actions:sleep", Actions.SleepArgs.Type, Types.any)

    /** A call of the action `actions:sleep`. */
    public fun sleep(ms: kotlin.Double): com.convexgateway.client.Action<kotlinx.serialization.json.JsonElement> =
        this.sleep.invoke(SleepArgs(ms))

    @kotlinx.serialization.Serializable(with = Actions.SleepArgs.Type::class)
    public data class SleepArgs(
        public val ms: kotlin.Double,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Actions.SleepArgs>("SleepArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Actions.SleepArgs = Actions.SleepArgs(
                from.required("ms", Types.number),
            )

            override fun write(value: Actions.SleepArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("ms", value.ms, Types.number)
            }
        }
    }
}
