package com.convexgateway.client

import java.io.File
import java.nio.file.Path
import java.security.KeyStore
import java.util.Base64
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLSocketFactory
import javax.net.ssl.TrustManagerFactory
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue
import org.junit.jupiter.api.io.TempDir

class TlsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `a gateway with a certificate is reached by its https address`() = test {
        val store = certify()
        val cert = pem("cert.pem", "CERTIFICATE", store.getCertificate(ALIAS).encoded)
        val key = pem("key.pem", "PRIVATE KEY", store.getKey(ALIAS, PASSWORD.toCharArray()).encoded)
        DevGateway(0, "--tls-cert", cert, "--tls-key", key).use { dev ->
            ConvexGatewayClient("https://${dev.grpc}", ClientOptions(sslSocketFactory = trusting(store))).use { client ->
                assertEquals("secret", client.query<String>("values:echo", mapOf("value" to "secret")))
            }
            ConvexGatewayClient("https://${dev.grpc}").use { client ->
                val error = assertFailsWith<GatewayError> { client.query<Me?>("users:me") }
                assertTrue(error.message!!.startsWith("https://${dev.grpc}: its certificate is not accepted"), error.message)
                assertTrue("certification path" in error.message!!, error.message) // the cause is in the message
            }
            ConvexGatewayClient("http://${dev.grpc}").use { client -> // the gateway closes such connections without a response
                val error = assertFailsWith<GatewayError> { client.mutation("messages:send") }
                assertEquals("http://${dev.grpc}: what answers there speaks TLS; with it the target is https://${dev.grpc}", error.message)
            }
        }
    }

    private fun certify(): KeyStore {
        val file = folder.resolve("store.p12").toString()
        val keytool = File(System.getProperty("java.home"), "bin/keytool").path
        val made = ProcessBuilder(
            keytool, "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost",
            "-ext", "SAN=ip:127.0.0.1,dns:localhost", "-storetype", "PKCS12", "-keystore", file, "-storepass", PASSWORD,
        ).redirectErrorStream(true).start()
        check(made.waitFor() == 0) { made.inputStream.bufferedReader().readText() }
        return KeyStore.getInstance(File(file), PASSWORD.toCharArray())
    }

    private fun pem(name: String, kind: String, content: ByteArray): String {
        val base64 = Base64.getMimeEncoder(64, "\n".toByteArray()).encodeToString(content)
        return folder.resolve(name).toFile().apply { writeText("-----BEGIN $kind-----\n$base64\n-----END $kind-----\n") }.path
    }

    private fun trusting(store: KeyStore): SSLSocketFactory {
        val trusted = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
            load(null)
            setCertificateEntry(ALIAS, store.getCertificate(ALIAS))
        }
        val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(trusted) }
        return SSLContext.getInstance("TLS").apply { init(null, managers.trustManagers, null) }.socketFactory
    }

    private companion object {
        const val ALIAS = "gateway"
        const val PASSWORD = "changeit"
    }
}
