// Written by convexgateway generate from the functions of the app. Changes are lost.

package com.example.names

import com.convexgateway.client.types.Types as Types_2

/** The modules in `deep/er`. */
public object DeepEr {
    /** The functions of `deep/er/nested`. */
    public val nested: DeepErNested get() = DeepErNested
}
