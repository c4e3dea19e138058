/** Answers are read up to this size: a page of 100 records with every text at HubSpot's limit of 65,536 characters stays below. */
export const MOST_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * The body of an answer as text; undefined where it is larger than `mostBytes`, and its rest is left unread. Throws what the connection
 * throws when it breaks, or when the call's time ends.
 */
export async function readLimited(response: Response, mostBytes: number): Promise<string | undefined> {
  if (response.body === null) return '';
  const declared = Number(response.headers.get('content-length') ?? 0);
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (declared > mostBytes) {
    await response.body.cancel();
    return undefined;
  }
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > mostBytes) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
