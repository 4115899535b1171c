package com.convexgateway.client.types

/** Bytes, `v.bytes()`. Two are equal if their content is, so that a result that is read again equals the one before. */
public class Bytes private constructor(private val content: ByteArray, @Suppress("UNUSED_PARAMETER") owned: Unit) {
    /** Copies [content]. */
    public constructor(content: ByteArray) : this(content.copyOf(), Unit)

    /** How many bytes there are. */
    public val size: Int get() = content.size

    /** A copy of the content. */
    public fun toByteArray(): ByteArray = content.copyOf()

    override fun equals(other: Any?): Boolean = other is Bytes && content.contentEquals(other.content)

    override fun hashCode(): Int = content.contentHashCode()

    /** Leaves the content out, which may be long, or a secret. */
    override fun toString(): String = "Bytes($size)"

    internal companion object {
        /** Holds [content], which nobody changes any more. */
        fun of(content: ByteArray) = Bytes(content, Unit)
    }
}
