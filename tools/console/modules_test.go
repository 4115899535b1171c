package console

import (
	"testing"
)

// blank opens the console's origin, where a test can import the page's modules.
func blank(t *testing.T) *page {
	t.Helper()
	p := visit(t, startDev(t).url)
	p.shows("#link", "Connected")
	return p
}

// equal compares the result of JavaScript with JSON.
func (p *page) equal(name, script, want string) {
	p.t.Helper()
	if got := eval[string](p, `(async () => JSON.stringify(await (async () => { `+script+` })()))()`); got != want {
		p.t.Errorf("%s:\n got %s\nwant %s", name, got, want)
	}
}

// TestReadEvents follows the WHATWG's rules for event streams, however the text is cut into pieces.
func TestReadEvents(t *testing.T) {
	p := blank(t)
	for name, c := range map[string]struct{ text, want string }{
		"an event":               {`event: value\nid: 1\ndata: {"a":1}\n\n`, `[{"type":"value","data":"{\"a\":1}","id":"1"}]`},
		"no name":                {`data: x\n\n`, `[{"type":"message","data":"x","id":""}]`},
		"lines of data":          {`data: a\ndata:\ndata:  b\n\n`, `[{"type":"message","data":"a\n\n b","id":""}]`},
		"CR and CRLF":            {`data: a\r\rdata: b\r\n\r\n`, `[{"type":"message","data":"a","id":""},{"type":"message","data":"b","id":""}]`},
		"a comment":              {`:\n\ndata: a\n\n`, `[{},{"type":"message","data":"a","id":""}]`},
		"retry":                  {`retry: 2000\nretry: x\n\n`, `[{"retry":2000}]`},
		"an id lasts":            {`id: 7\ndata: a\n\ndata: b\n\n`, `[{"type":"message","data":"a","id":"7"},{"type":"message","data":"b","id":"7"}]`},
		"an id with NUL":         {`id: 7\nid: 8\u0000\ndata: a\n\n`, `[{"type":"message","data":"a","id":"7"}]`},
		"no data":                {`event: value\n\ndata: a\n\n`, `[{"type":"message","data":"a","id":""}]`},
		"an unfinished event":    {`data: a\n\ndata: b\n`, `[{"type":"message","data":"a","id":""}]`},
		"unknown fields, BOM":    {`\ufeffdata: a\nother: b\ndata\n\n`, `[{"type":"message","data":"a\n","id":""}]`},
		"bytes of one character": {`data: ä🙂\n\n`, `[{"type":"message","data":"ä🙂","id":""}]`},
	} {
		p.equal(name, `
			const { readEvents } = await import("/console/sse.js");
			const bytes = new TextEncoder().encode("`+escaped(c.text)+`");
			const read = async (size) => {
				const items = [];
				const pieces = new ReadableStream({ start(to) {
					for (let i = 0; i < bytes.length; i += size) to.enqueue(bytes.slice(i, i + size));
					to.close();
				} });
				for await (const item of readEvents(pieces)) items.push(item);
				return items;
			};
			const whole = await read(bytes.length);
			for (const size of [1, 2, 3, 5]) {
				if (JSON.stringify(await read(size)) !== JSON.stringify(whole)) return "differs in pieces of " + size;
			}
			return whole;`, c.want)
	}
}

// escaped returns a text with JavaScript's escapes for use within double quotes.
func escaped(text string) string {
	quotedText := quoted(text)
	out := make([]byte, 0, len(quotedText))
	for i := 1; i < len(quotedText)-1; i++ {
		if quotedText[i] == '\\' && quotedText[i+1] == '\\' {
			continue // the JavaScript escapes of the table
		}
		out = append(out, quotedText[i])
	}
	return string(out)
}

// TestScanObject: the scanner accepts the same objects as JSON.parse.
func TestScanObject(t *testing.T) {
	p := blank(t)
	p.equal("agrees with JSON.parse", `
		const { scanObject } = await import("/console/json.js");
		const parses = (text) => { try { const v = JSON.parse(text); return typeof v === "object" && v !== null && !Array.isArray(v); } catch { return false; } };
		const scans = (text) => { try { scanObject(text); return true; } catch (e) { if (e.constructor.name !== "JSONError" || !(e.line > 0 && e.column > 0)) throw e; return false; } };
		let state = 1;
		const random = (n) => (state = (state * 48271) % 2147483647) % n;
		const seeds = ['{"a":[1,-0.5e+3,true,null,{"b":"\\u00e9\\n\\"x"}],"":{}}', ' { "k" : [ ] , "l" : 0 } ', '{"$integer":"AQAAAAAAAAA="}'];
		const alphabet = '{}[],:"\\\\0123456789.eE+-truefalsn \\t\\n\\u0000\\u2028u/b\'';
		const wrong = [];
		let taken = 0;
		for (let i = 0; i < 30000; i++) {
			const text = Array.from(seeds[random(seeds.length)]);
			for (let n = random(3); n >= 0; n--) text.splice(random(text.length), random(2), ...[alphabet[random(alphabet.length)]].slice(random(2)));
			const candidate = text.join("");
			if (parses(candidate)) taken++;
			if (parses(candidate) !== scans(candidate)) wrong.push(candidate);
		}
		return [wrong.slice(0, 5), taken > 1000 && taken < 29000];`, `[[],true]`)
	p.equal("deep", `
		const { scanObject } = await import("/console/json.js");
		try { scanObject('{"a":' + "[".repeat(100000)); } catch (e) { return e.message; }`, `"deeper than 200 levels"`)
	p.equal("tokens are the text without spaces", `
		const { scanObject } = await import("/console/json.js");
		const text = ' { "a" : [ 1 , "x y" ] } ';
		return scanObject(text).map(({start, end}) => text.slice(start, end)).join("");`, `"{\"a\":[1,\"x y\"]}"`)
}

// TestCompare: the marked lines of a change.
func TestCompare(t *testing.T) {
	p := blank(t)
	for name, c := range map[string]struct{ before, now, want string }{
		"nothing":                 {`{"a":[1,{"b":2}]}`, `{"a":[1,{"b":2}]}`, `[]`},
		"a scalar":                {`1`, `2`, `["changed 2 was 1"]`},
		"another kind":            {`1`, `[2]`, `["removed 1","added [","added 2","added ]"]`},
		"a member":                {`{"a":1}`, `{"a":1,"b":2}`, `["added \"b\": 2"]`},
		"a member less":           {`{"a":1,"b":2}`, `{"a":1}`, `["removed \"b\": 2,"]`},
		"a document":              {`[{"_id":"x","n":1}]`, `[{"_id":"y","n":2},{"_id":"x","n":1}]`, `["added {","added \"_id\": \"y\",","added \"n\": 2","added },"]`},
		"a document's field":      {`[{"_id":"x","n":1},{"_id":"y"}]`, `[{"_id":"x","n":2},{"_id":"y"}]`, `["changed \"n\": 2 was 1"]`},
		"a document less":         {`[{"_id":"x"},{"_id":"y"}]`, `[{"_id":"y"}]`, `["removed {","removed \"_id\": \"x\"","removed },"]`},
		"an item":                 {`[1,2,3]`, `[1,9,3]`, `["changed 9, was 2"]`},
		"an item more":            {`[1,3]`, `[1,2,3]`, `["added 2,"]`},
		"what an encoding means":  {`{"$integer":"AQAAAAAAAAA="}`, `{"$integer":"AgAAAAAAAAA="}`, `["changed {\"$integer\":\"AgAAAAAAAAA=\"} Int64 2 was {\"$integer\":\"AQAAAAAAAAA=\"} Int64 1"]`},
		"a member named as magic": {`{}`, `{"__proto__":1,"toString":2}`, `["added \"__proto__\": 1,","added \"toString\": 2"]`},
	} {
		p.equal(name, `
			const { compare } = await import("/console/diff.js");
			return compare(JSON.parse('`+c.before+`'), JSON.parse('`+c.now+`')).filter((line) => line.mark)
				.map(({mark, parts, was}) => mark + " " + parts.map((part) => part.text).join("") + (was === undefined ? "" : " was " + was));`, c.want)
	}
	p.equal("the lines that are not removed are the value", `
		const { compare } = await import("/console/diff.js");
		let state = 7;
		const random = (n) => (state = (state * 48271) % 2147483647) % n;
		const make = (depth) => {
			const kind = random(depth > 3 ? 3 : 6);
			if (kind === 0) return random(4);
			if (kind === 1) return "s" + random(3);
			if (kind === 2) return [null, true, {}, []][random(4)];
			if (kind === 3) return Array.from({length: random(4)}, () => ({_id: "d" + random(5), n: make(depth + 1)}));
			if (kind === 4) return Array.from({length: random(5)}, () => make(depth + 1));
			return Object.fromEntries(Array.from({length: random(4)}, () => ["k" + random(4), make(depth + 1)]));
		};
		for (let i = 0; i < 3000; i++) {
			const [before, now] = [make(0), make(0)];
			const text = compare(before, now).filter((line) => line.mark !== "removed")
				.map(({parts}) => parts.filter((part) => part.kind !== "meaning").map((part) => part.text).join("")).join("\n");
			let read;
			try { read = JSON.parse(text); } catch { return ["not JSON", before, now, text]; }
			if (JSON.stringify(read) !== JSON.stringify(now)) return ["another value", before, now, text];
		}
		return "all";`, `"all"`)
}

// TestSnippets: text that a shell or Kotlin would parse as code is quoted.
func TestSnippets(t *testing.T) {
	p := blank(t)
	p.equal("shell", `
		const { shellQuoted } = await import("/console/snippets.js");
		return shellQuoted("it's $HOME \x60id\x60");`, "\"'it'\\\\''s $HOME `id`'\"")
	p.equal("a set", `
		const { snippets } = await import("/console/snippets.js");
		const queries = [{ path: "a:b", args: "{}" }, { path: "c:d", args: '{"n":1}' }];
		const { curl, grpcurl, Kotlin } = snippets({ kind: "watch", queries }, { grpcHost: "h", grpcPort: "1" });
		const body = '{"queries":[{"target":1,"path":"a:b","args":{}},{"target":2,"path":"c:d","args":{"n":1}}]}';
		return [curl.includes("/v1/watch"), curl.includes("text/event-stream"), curl.includes(body), grpcurl.includes("/WatchSet"), grpcurl.includes(body),
			Kotlin.split("\n").slice(1)];`,
		`[true,true,true,true,true,["client.watch {","    add(query<JsonElement>(\"a:b\"))","    add(query<JsonElement>(\"c:d\", mapOf(\"n\" to 1.0)))","}.collect { snapshot -> println(snapshot) }"]]`)
	p.equal("Kotlin", `
		const { kotlinValue } = await import("/console/snippets.js");
		return kotlinValue(JSON.parse('{"t":"$x \\"q\\" \\\\\\\\ \\\\n","n":3,"f":1.5,"big":1e21,"l":[true,null],"i":{"$integer":"AQAAAAAAAAA="},"min":{"$integer":"AAAAAAAAAIA="},"nan":{"$float":"AAAAAAAA+H8="},"b":{"$bytes":"AAEC"}}'))
			.split("\n").map((line) => line.trim());`,
		`["mapOf(","\"t\" to \"\\$x \\\"q\\\" \\\\\\\\ \\\\n\",","\"n\" to 3.0,","\"f\" to 1.5,","\"big\" to 1e+21,","\"l\" to listOf(true, null),",`+
			`"\"i\" to 1L,","\"min\" to Long.MIN_VALUE,","\"nan\" to Double.NaN,","\"b\" to Base64.getDecoder().decode(\"AAEC\"),",")"]`)
}
