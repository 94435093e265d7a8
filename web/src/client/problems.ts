/** What the service refused, in its own words (RFC 9457). */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    /** 400 malformed, 401 or 403 the key, 404 unknown, 422 unanswerable, 429 too many, 503 not ready */
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    /** The parameters that were wrong. */
    readonly errors: readonly { field: string; message: string }[] = [],
    /** Ask again after so many seconds, where the service says so. */
    readonly retryAfterS: number | null = null,
  ) {
    super(detail || title || `status ${status}`);
  }
}

export async function refusalOf(answer: Response): Promise<Refused> {
  const wait = Number.parseInt(answer.headers.get("Retry-After") ?? "", 10);
  const retryAfterS = Number.isNaN(wait) ? null : wait;
  try {
    const problem = (await answer.json()) as { title?: string; detail?: string; errors?: { field: string; message: string }[] };
    return new Refused(answer.status, problem.title ?? "", problem.detail ?? "", problem.errors ?? [], retryAfterS);
  } catch {
    return new Refused(answer.status, answer.statusText, "", [], retryAfterS); // a proxy's page, not ours
  }
}
