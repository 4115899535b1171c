package com.convexgateway.client

import java.io.File
import java.nio.file.Path
import java.security.Key
import java.security.KeyStore
import java.util.Base64
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import kotlin.test.Test
import kotlin.test.assertEquals
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.api.parallel.Isolated

/** Alone, because it changes whom the process trusts. */
@Isolated
class TlsTest {
    @TempDir
    lateinit var folder: Path

    @Test
    fun `a gateway with a certificate is reached by its https address`() = test {
        val store = certify()
        val cert = pem("cert.pem", "CERTIFICATE", store.getCertificate(ALIAS).encoded)
        val key = pem("key.pem", "PRIVATE KEY", (store.getKey(ALIAS, PASSWORD.toCharArray()) as Key).encoded)
        DevGateway(0, "--tls-cert", cert, "--tls-key", key).use { dev ->
            trusting(store) {
                ConvexGatewayClient("https://${dev.grpc}").use { client ->
                    assertEquals("secret", client.query<String>("values:echo", mapOf("value" to "secret")))
                }
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

    private suspend fun trusting(store: KeyStore, body: suspend () -> Unit) {
        val trusted = KeyStore.getInstance(KeyStore.getDefaultType()).apply {
            load(null)
            setCertificateEntry(ALIAS, store.getCertificate(ALIAS))
        }
        val managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(trusted) }.trustManagers
        val before = SSLContext.getDefault()
        SSLContext.setDefault(SSLContext.getInstance("TLS").apply { init(null, managers, null) })
        try {
            body()
        } finally {
            SSLContext.setDefault(before)
        }
    }

    private companion object {
        const val ALIAS = "gateway"
        const val PASSWORD = "changeit"
    }
}
