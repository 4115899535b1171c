// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The modules in `spec`. */
public object Spec {
    /** The modules in `spec/deep`. */
    public val deep: SpecDeep get() = SpecDeep

    /** The functions of `spec/kinds`. */
    public val kinds: SpecKinds get() = SpecKinds

    /** The functions of `spec/nodeact`. */
    public val nodeact: SpecNodeact get() = SpecNodeact

    /** The functions of `spec/snake_case`. */
    public val snake_case: SpecSnakeCase get() = SpecSnakeCase
}
