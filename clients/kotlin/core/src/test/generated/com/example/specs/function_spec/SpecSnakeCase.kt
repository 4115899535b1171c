// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The functions of `spec/snake_case`. */
public object SpecSnakeCase {
    /** The mutation `spec/snake_case:_under`, for fakes. */
    public val _under: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("spec/snake_case:_under", Types.none, Types.any)

    /** A call of the mutation `spec/snake_case:_under`. */
    public fun _under(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this._under.invoke(Types.noArguments)

    /** The mutation `spec/snake_case:doIt`, for fakes. */
    public val doIt: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("spec/snake_case:doIt", Types.none, Types.any)

    /** A call of the mutation `spec/snake_case:doIt`. */
    public fun doIt(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.doIt.invoke(Types.noArguments)

    /** The mutation `spec/snake_case:do_it`, for fakes. */
    public val do_it: com.convexgateway.client.MutationFunction<kotlin.Unit, kotlinx.serialization.json.JsonElement>
        get() = Types.mutation("spec/snake_case:do_it", Types.none, Types.any)

    /** A call of the mutation `spec/snake_case:do_it`. */
    public fun do_it(): com.convexgateway.client.Mutation<kotlinx.serialization.json.JsonElement> =
        this.do_it.invoke(Types.noArguments)
}
