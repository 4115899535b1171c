// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.api

import com.convexgateway.client.types.Types

/** The functions of `values`. */
public object Values {
    /** The query `values:echo`, for fakes. */
    public val echo: com.convexgateway.client.QueryFunction<Values.EchoArgs, kotlinx.serialization.json.JsonElement>
        get() = Types.query("values:echo", Values.EchoArgs.Type, Types.any)

    /** A call of the query `values:echo`. */
    public fun echo(value: kotlinx.serialization.json.JsonElement): com.convexgateway.client.Query<kotlinx.serialization.json.JsonElement> =
        this.echo.invoke(EchoArgs(value))

    @kotlinx.serialization.Serializable(with = Values.EchoArgs.Type::class)
    public data class EchoArgs(
        public val value: kotlinx.serialization.json.JsonElement,
    ) {
        public object Type : com.convexgateway.client.types.ObjectType<Values.EchoArgs>("EchoArgs") {
            override fun read(from: com.convexgateway.client.types.ObjectReader): Values.EchoArgs = Values.EchoArgs(
                from.required("value", Types.any),
            )

            override fun write(value: Values.EchoArgs, to: com.convexgateway.client.types.ObjectWriter) {
                to.required("value", value.value, Types.any)
            }
        }
    }
}
