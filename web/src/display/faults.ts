/** What went wrong on this page, for the heartbeat: the last few, shortened. */

const MOST = 5;
const LONGEST = 200;

export class Faults {
  private readonly told: string[] = [];
  private readonly ended = new AbortController();

  watch(): void {
    const { signal } = this.ended;
    addEventListener("error", (event) => this.note(event.message), { signal });
    addEventListener("unhandledrejection", (event) => this.note(String(event.reason)), { signal });
  }

  end(): void {
    this.ended.abort();
  }

  list(): string[] {
    return [...this.told];
  }

  private note(text: string): void {
    this.told.push(text.slice(0, LONGEST));
    if (this.told.length > MOST) this.told.shift();
  }
}
