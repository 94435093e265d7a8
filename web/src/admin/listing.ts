/** A list that may be long: a page at a time, and searched by the server. */

import { html, nothing, type TemplateResult } from "lit";
import type { Page, Query } from "./client";
import type { Panel } from "./panel";

/** Rows that are fetched at once. */
const ROWS = 50;
/** As many as the server gives at once. */
const MOST_ROWS = 1000;
/** From this many on there is something to search. */
const WORTH_SEARCHING = 8;
const TYPING_MS = 200;

export class Listing<T> {
  /** null: not fetched yet. */
  rows: T[] | null = null;
  private next: string | null = null;
  private text = "";
  private typing = 0;
  private asked = 0;

  constructor(
    private readonly panel: Panel,
    private readonly ask: (query: Query) => Promise<Page<T>>,
  ) {}

  /** What is shown, fetched anew. */
  async load(): Promise<void> {
    const number = ++this.asked;
    const limit = Math.min(MOST_ROWS, Math.max(ROWS, this.rows?.length ?? 0));
    const page = await this.ask({ q: this.text, limit, after: null });
    if (number !== this.asked) return; // somebody typed on
    this.rows = page.rows;
    this.next = page.next;
    this.panel.requestUpdate();
  }

  private async more(): Promise<void> {
    const number = ++this.asked;
    const page = await this.ask({ q: this.text, limit: ROWS, after: this.next });
    if (number !== this.asked) return;
    this.rows = [...(this.rows ?? []), ...page.rows];
    this.next = page.next;
    this.panel.requestUpdate();
  }

  private readonly typed = (event: Event): void => {
    this.text = (event.target as HTMLInputElement).value.trim();
    clearTimeout(this.typing);
    this.typing = window.setTimeout(() => {
      this.rows = null; // from the first page on
      void this.panel.act(() => this.load());
    }, TYPING_MS);
  };

  /** The rows, a field to search them where there are many, and a button for more; `empty`: said where there is none. */
  render(row: (one: T) => TemplateResult, label: string, empty: string): TemplateResult {
    const { rows, text, next } = this;
    const { own } = this.panel;
    const many = text !== "" || next !== null || (rows?.length ?? 0) >= WORTH_SEARCHING;
    return html`${many
        ? html`<label class="search"
            ><span>${own.searchIn(label)}</span><input type="search" autocomplete="off" maxlength="100" @input=${this.typed}
          /></label>`
        : nothing}
      ${rows?.length === 0 ? html`<p class="soft">${text ? own.nothingFound : empty}</p>` : nothing}
      <ul class="list">
        ${rows?.map(row)}
      </ul>
      ${next !== null ? html`<button class="more" @click=${() => void this.panel.act(() => this.more())}>${own.showMore}</button>` : nothing}`;
  }
}
