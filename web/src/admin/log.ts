/** Who changed what, newest first. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { wallDay, wallTime } from "../core/time";
import type { Entry } from "./client";
import { Panel } from "./panel";

export class LogPanel extends Panel {
  static override properties: PropertyDeclarations = { ...Panel.properties, entries: { state: true }, next: { state: true } };

  declare entries: Entry[];
  declare next: string | null;

  constructor() {
    super();
    this.entries = [];
    this.next = null;
  }

  protected override async load(): Promise<void> {
    const page = await this.client.listLog(this.next);
    this.entries = [...this.entries, ...page.entries];
    this.next = page.next;
  }

  protected override render(): TemplateResult {
    const { own } = this;
    return html`${this.renderTold()}
      <div class="scroll" tabindex="0" role="region" aria-label=${own.sections.log}>
        <table>
          <thead>
            <tr>
              <th scope="col">${own.when}</th>
              <th scope="col">${own.who}</th>
              <th scope="col">${own.what}</th>
              <th scope="col">${own.id}</th>
            </tr>
          </thead>
          <tbody>
            ${this.entries.map(
              (line) => html`<tr data-entry=${line.entry}>
                <td>${wallDay(line.at)} ${wallTime(line.at)}</td>
                <td>${line.who}</td>
                <td>${line.what}</td>
                <td><code>${line.id}</code></td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
      ${this.next !== null ? html`<button class="older" @click=${() => this.act(() => this.load())}>${own.older}</button>` : nothing}`;
  }
}

customElements.define("sr-admin-log", LogPanel);
