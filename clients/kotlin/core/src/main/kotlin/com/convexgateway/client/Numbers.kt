package com.convexgateway.client

import kotlinx.serialization.Contextual
import kotlinx.serialization.Serializable

/** A Long that is a Convex Int64, `v.int64()`. */
public typealias Int64 = @Serializable(Int64ToLongDecoder::class) Long

/** A Double that may be NaN, infinite or −0. */
public typealias Float64 = @Serializable(Float64ToDoubleDecoder::class) Double

/** An Int that is a Convex Int64 and must fit. */
public typealias Int32 = @Serializable(Int64ToIntDecoder::class) Int

/** A Float that may be NaN, infinite or −0. */
public typealias Float32 = @Serializable(Float64ToFloatDecoder::class) Float

/** Convex's bytes, `v.bytes()`. */
public typealias Bytes = @Serializable(BytesDecoder::class) ByteArray

/** Annotates an Int, Long, Float or Double property, with the effect of Int32, Int64, Float32 or Float64. */
public typealias ConvexNum = Contextual
