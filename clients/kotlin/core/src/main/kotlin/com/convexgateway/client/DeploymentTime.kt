package com.convexgateway.client

import com.google.protobuf.Timestamp

private const val NANOS = 1_000_000_000L

/** A time of the deployment in ns since 1970. */
internal fun Timestamp.nanos(): Long = seconds * NANOS + nanos

/** The time of [nanos]. */
internal fun timestampOf(nanos: Long): Timestamp =
    Timestamp.newBuilder().setSeconds(nanos / NANOS).setNanos((nanos % NANOS).toInt()).build()
