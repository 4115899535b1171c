package com.convexgateway.api

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** The examples of the libraries' README are code that is compiled, and its files exist. */
class ReadmeTest {
    private val readme = File("../README.md").readText()
    private val outsideTables = readme.replace(Regex("<table>.*?</table>", RegexOption.DOT_MATCHES_ALL), "")

    private fun unindented(text: String) = text.lines().joinToString("\n") { it.trim() }.trim()

    @Test
    fun `each example in Kotlin is a part of the file that it names`() {
        val block = Regex("(?:^ *<!-- source: (\\S+) -->\n)?^ *```kotlin\n(.*?)^ *```$", setOf(RegexOption.MULTILINE, RegexOption.DOT_MATCHES_ALL))
        val examples = block.findAll(outsideTables).toList()
        assertTrue(examples.size >= 9, "${examples.size} examples")
        for (example in examples) {
            val (source, code) = example.destructured
            assertTrue(source.isNotEmpty(), "no source of:\n$code")
            assertTrue(unindented(code) in unindented(File("../$source").readText()), "not in $source:\n$code")
        }
    }

    @Test
    fun `its links lead to files`() {
        val links = Regex("\\]\\(([^)#:]+)(?:#[^)]*)?\\)").findAll(readme).map { it.groupValues[1] }.toSet()
        assertTrue(links.size > 10)
        assertEquals(emptyList(), links.filterNot { File("../$it").exists() })
    }
}
