/** Yields the events of a stream at a URL, each `{event, id, data}`. Breaking out of the loop closes the stream. */
export async function* follow(url, token) {
  const response = await fetch(url, { headers: { Accept: "text/event-stream", Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error((await response.json()).message);
  let event = "", id = "", data = [];
  for await (const line of lines(response.body)) {
    const [, name, value] = /^([^:]*):? ?([^]*)$/.exec(line);
    if (name === "data") data.push(value);
    else if (name === "event") event = value;
    else if (name === "id" && !value.includes("\0")) id = value;
    if (line !== "") continue;
    if (data.length > 0) yield { event: event || "message", id, data: JSON.parse(data.join("\n")) };
    (event = ""), (data = []);
  }
}

/** Yields the lines of server-sent events, which end with CR, LF or CRLF, and with nothing else. */
async function* lines(bytes) {
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = "", afterCR = false, part; !(part = await reader.read()).done; ) {
      const text = afterCR && part.value[0] === "\n" ? part.value.slice(1) : part.value;
      afterCR = part.value.endsWith("\r");
      const found = (rest + text).split(/\r\n|\n|\r/);
      rest = found.pop();
      yield* found;
    }
  } finally {
    await reader.cancel();
  }
}
