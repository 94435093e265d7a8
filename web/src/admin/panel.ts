import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { chooseTexts, type Texts } from "../i18n";
import { base } from "../parts/base.css";
import { adminStyles } from "./admin.css";
import { type AdminClient, Refused, type Role } from "./client";
import { ADMIN_TEXTS, type AdminTexts } from "./texts";

/** A section of the administration: what it asks of the server either works, or is told in the server's words. */
export abstract class Panel extends LitElement {
  static override properties: PropertyDeclarations = { client: { attribute: false }, problem: { state: true }, word: { state: true } };

  declare client: AdminClient;
  declare problem: Refused | null;
  /** What was just done. */
  declare word: string;
  protected readonly texts: Texts = chooseTexts([new URLSearchParams(location.search).get("lang"), ...navigator.languages]);
  readonly own: AdminTexts = ADMIN_TEXTS[this.texts.language];

  constructor() {
    super();
    this.problem = null;
    this.word = "";
  }

  protected may(role: Role): boolean {
    return this.client.may(role);
  }

  /** What the page itself refuses. */
  protected refused(message: string): Refused {
    return new Refused(400, message);
  }

  protected override firstUpdated(): void {
    void this.act(() => this.load());
  }

  protected abstract load(): Promise<void>;

  /** @returns did it work? */
  async act(action: () => Promise<void>, word = ""): Promise<boolean> {
    this.problem = null;
    this.word = "";
    try {
      await action();
      this.word = word;
      return true;
    } catch (error) {
      this.problem = error instanceof Refused ? error : new Refused(0, this.own.unreached);
      // A session that has ended is the page's affair.
      if (this.problem.status === 401) this.dispatchEvent(new CustomEvent("sr-signed-out", { bubbles: true, composed: true }));
      return false;
    }
  }

  protected renderTold(): TemplateResult {
    const { problem } = this;
    return html`<p class="told" role="status">${this.word}</p>
      ${problem
        ? html`<div class="problem" role="alert">
            ${problem.status === 403 ? this.own.noRight : problem.message}
            ${problem.faults.length > 0
              ? html`<ul>
                  ${problem.faults.map((fault) => html`<li><b>${fault.field}</b> ${fault.message}</li>`)}
                </ul>`
              : nothing}
          </div>`
        : nothing}`;
  }

  static override styles = [base, adminStyles];
}

/** A form's fields by name, as texts. */
export function fieldsOf(event: Event): Record<string, string> {
  event.preventDefault();
  const data = new FormData(event.target as HTMLFormElement);
  return Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
}
