/** `fetch` refuses an address with a login inside; here it goes into the header where ClickHouse wants it. */
export function clickhouseFetch(
  url: string,
  parameters: Readonly<Record<string, string>>,
  request: { body: string; headers?: Record<string, string> },
): Promise<Response> {
  const { origin, headers } = loginOf(url);
  return fetch(`${origin}/?${new URLSearchParams(parameters)}`, {
    method: 'POST',
    headers: { ...headers, ...request.headers },
    body: request.body,
  });
}

/** The address without its login, and the header that carries it. */
export function loginOf(url: string): { origin: string; headers: Record<string, string> } {
  const { origin, username, password } = new URL(url);
  if (username === '') return { origin, headers: {} };
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { origin, headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` } };
}
