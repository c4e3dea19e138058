/** One HTTP request as the imitation sees it; `url` is the path with its query. */
export interface HubSpotRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** One HTTP answer of the imitation. */
export interface HubSpotResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Thrown by `handle` where the real caller would see its connection break without an answer. */
export class ConnectionLost extends Error {
  constructor(reason: string) {
    super(`the connection broke: ${reason}`);
    this.name = 'ConnectionLost';
  }
}

/** A JSON answer with the content type HubSpot uses. */
export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HubSpotResponse {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** 204, as HubSpot answers an archive. */
export function emptyResponse(): HubSpotResponse {
  return { status: 204, headers: {}, body: '' };
}

/** A header's value whatever the case of its name; the first one when it was sent twice. */
export function headerOf(request: HubSpotRequest, name: string): string | undefined {
  const direct = request.headers[name];
  const value = direct ?? Object.entries(request.headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' ? value : value?.[0];
}
