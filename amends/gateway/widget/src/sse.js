/** Server-sent events read through fetch, since EventSource cannot send a token. */

/**
 * Reads a stream to its end.
 * @param {ReadableStream} body
 * @param {(event: {type: string, data: string}) => void} onEvent
 * @param {() => void} onActivity called for every piece that arrives, keep-alives too
 */
export async function readEvents(body, onEvent, onActivity) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let event = emptyEvent();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    onActivity();
    rest += decoder.decode(value, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) event = takeLine(event, line, onEvent);
  }
}

function emptyEvent() {
  return { type: "message", data: [] };
}

function takeLine(event, line, onEvent) {
  if (line === "") {
    if (event.data.length) onEvent({ type: event.type, data: event.data.join("\n") });
    return emptyEvent();
  }
  const colon = line.indexOf(":");
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "event") event.type = value;
  if (field === "data") event.data.push(value);
  return event;
}
