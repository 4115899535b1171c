package com.convexgateway.client

import com.google.protobuf.ByteString
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.DataInputStream
import java.io.DataOutputStream
import java.io.IOException
import java.util.zip.CRC32

/** A value of a query with its resume token, as they are kept together. */
internal class LastValue(val identityTag: String, val resumeToken: String, val json: ByteString) {
    /** Version (1 byte), CRC-32 of the rest (4 bytes), identity tag and resume token with their lengths, the value's JSON. */
    fun toBytes(): ByteArray {
        val content = ByteArrayOutputStream(json.size() + resumeToken.length + 64)
        DataOutputStream(content).run {
            writeUTF(identityTag)
            writeUTF(resumeToken)
            json.writeTo(this)
        }
        val all = ByteArrayOutputStream(content.size() + HEADER)
        DataOutputStream(all).run {
            writeByte(VERSION)
            writeInt(checksum(content.toByteArray()))
            content.writeTo(this)
        }
        return all.toByteArray()
    }

    companion object {
        private const val VERSION = 1
        private const val HEADER = 5 // bytes

        /** Null if the bytes are damaged, or of another version. */
        fun of(bytes: ByteArray): LastValue? = try {
            val input = DataInputStream(ByteArrayInputStream(bytes))
            val isWhole = input.readByte().toInt() == VERSION && input.readInt() == checksum(bytes.copyOfRange(HEADER, bytes.size))
            if (isWhole) LastValue(input.readUTF(), input.readUTF(), ByteString.readFrom(input)) else null
        } catch (_: IOException) {
            null
        }

        private fun checksum(bytes: ByteArray) = CRC32().apply { update(bytes) }.value.toInt()
    }
}
