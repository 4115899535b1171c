package com.convexgateway.client

import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

class TargetTest {
    @Test
    fun `targets are URLs or addresses`() {
        assertEquals(Target("gateway.example.com", 443, true), Target.parse("https://gateway.example.com"))
        assertEquals(Target("gateway.example.com", 8443, true), Target.parse("gateway.example.com:8443"))
        assertEquals(Target("10.0.2.2", 50051, false), Target.parse("http://10.0.2.2:50051/"))
        assertEquals(Target("[::1]", 80, false), Target.parse("http://[::1]"))
    }

    @Test
    fun `others are refused, with the target in the message`() {
        for (bad in listOf("", "ftp://x", "https://", "https://h/path", "https://h?q", "https://u@h", "a b", "https://h_x y")) {
            val error = assertFailsWith<IllegalArgumentException>(bad) { Target.parse(bad) }
            assertTrue(error.message!!.startsWith("target: \"$bad\""))
        }
    }

    @Test
    fun `claims are read from JWTs only`() {
        val token = DevGateway.shared.token("eve")
        assertEquals(TokenClaims(DevGateway.shared.deployment + "/clerk", "user_eve", "sess_eve"), TokenClaims.of(token))
        for (bad in listOf("", "opaque", "a.b.c", "a.?.c", "..", "a.bnVsbA.c")) assertEquals(null, TokenClaims.of(bad), bad)
    }
}
