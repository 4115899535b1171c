// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.specs.function_spec

import com.convexgateway.client.types.Types

/** The modules in `spec/deep/er`. */
public object SpecDeepEr {
    /** The functions of `spec/deep/er/nested`. */
    public val nested: SpecDeepErNested get() = SpecDeepErNested
}
